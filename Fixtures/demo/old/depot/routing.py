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
        count = 0
        while self.waiting:
            job = self.waiting.popleft()
            driver = self.drivers.next_for(job)
            handler(job, driver)
            self.started += 1
            count += 1
        return count

    def can_accept(self, job, driver):
        """Whether a driver may be given another job."""
        if not (driver.is_on_shift() and driver.load + job.weight <= driver.capacity):
            return False
        return self.drivers.permits(driver, job.region)


def depot_of(parents, node):
    """The depot at the end of a chain of hand-overs."""
    parent = parents[node]
    if parent is None:
        return node
    return depot_of(parents, parent)


def reachable(graph, start):
    """Every place that can be reached, nearest first."""
    seen = set()
    order = []
    pending = [start]
    while pending:
        place = pending.pop(0)
        if place in seen:
            continue
        seen.add(place)
        order.append(place)
        for neighbour in neighbours_of(graph, place):
            pending.append(neighbour)
    return order


def route_length(stops, speed_limit):
    """Length of a route in metres and the places where it is too fast."""
    total = 0
    warnings = []
    previous = None
    for stop in stops:
        if previous is not None:
            step = distance(previous.position, stop.position)
            total = total + step
            if step > speed_limit * stop.interval:
                warnings.append((previous.name, stop.name))
        previous = stop
    return total, warnings


def needs_signature(parcel, customer):
    """Whether someone has to sign for a parcel."""
    if not (customer.is_trusted and parcel.value < 100):
        return True
    return parcel.fragile
