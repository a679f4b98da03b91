"""Which way a parcel goes."""

from depot.maps import distance, neighbours_of


class JobQueue:
    """Deliveries that wait for a driver."""

    def __init__(self, waiting, drivers):
        self.waiting = waiting
        self.drivers = drivers
        self.started = 0

    def drain(self, handler):
        """Hand every waiting job to the handler; returns how many there were."""
        done = 0
        while True:
            if not self.waiting:
                return done
            job = self.waiting.popleft()
            handler(job, self.drivers.next_for(job))
            self.started += 1
            done += 1

    def can_accept(self, job, driver):
        """Whether a driver may be given another job."""
        if not driver.is_on_shift() or not driver.load + job.weight <= driver.capacity:
            return False
        return self.drivers.permits(driver, job.region)


def depot_of(parents, node):
    """The depot at the end of a chain of hand-overs."""
    while True:
        parent = parents[node]
        if parent is None:
            return node
        node = parent


def reachable(graph, start):
    """Every place that can be reached, nearest first."""
    pending = [start]
    order = []
    seen = set()
    while pending:
        place = pending.pop(0)
        if place not in seen:
            seen.add(place)
            order.append(place)
            for neighbour in neighbours_of(graph, place):
                pending.append(neighbour)
    return order


def is_too_fast(step, stop, speed_limit):
    """Whether a leg of this length breaks the speed limit."""
    return step > speed_limit * stop.interval


def route_length(stops, speed_limit):
    """Length of a route in metres and the places where it is too fast."""
    total = 0
    warnings = []
    previous = None
    for stop in stops:
        if previous is not None:
            step = distance(previous.position, stop.position)
            total = total + step
            if is_too_fast(step, stop, speed_limit):
                warnings.append((previous.name, stop.name))
        previous = stop
    return total, warnings


def needs_signature(parcel, customer):
    """Whether someone has to sign for a parcel."""
    if not customer.is_trusted and not parcel.value < 100:
        return True
    return parcel.fragile
