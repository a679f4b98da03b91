"""Readings of the sensors in a cold store."""


def first_gap(readings, tolerance):
    """Index of the first reading that is too far from the one before it, or -1."""
    for index in range(1, len(readings)):
        if readings[index] - readings[index - 1] > tolerance:
            return index
    return -1


def has_alarm(samples, classify):
    """Whether any sample is classified as an alarm."""
    for sample in samples:
        if classify(sample) == "alarm":
            return True
    return False


def label(sample, limits):
    """The word that the dashboard shows for a sample."""
    if sample.value > limits.upper:
        word = "high"
    else:
        word = "low" if sample.value < limits.lower else "normal"
    return word + "?" if sample.stale else word


def largest_step(values):
    """The largest rise from one value to the next."""
    best = 0
    for index in range(1, len(values) - 1):
        step = values[index] - values[index - 1]
        if step > best:
            best = step
    return best


def until_marker(values, marker):
    """The values before the first marker, negative ones left out."""
    return [value for value in values if value != marker and not value < 0]


def moving_average(values, width):
    """Averages over a sliding window of the given width."""
    total = 0
    window = []
    averages = []
    for value in values:
        window.append(value)
        total += value
        if len(window) > width:
            total -= window.pop(0)
        size = len(window)
        averages.append(total / size)
    return averages
