"""Readings of the sensors in a cold store."""


def first_gap(readings, tolerance):
    """Index of the first reading that is too far from the one before it, or -1."""
    count = len(readings)
    index = 1
    while index < count:
        step = readings[index] - readings[index - 1]
        if step > tolerance:
            return index
        index += 1
    return -1


def has_alarm(samples, classify):
    """Whether any sample is classified as an alarm."""
    found = False
    for sample in samples:
        level = classify(sample)
        if level == "alarm":
            found = True
            break
    return found


def label(sample, limits):
    """The word that the dashboard shows for a sample."""
    if sample.value > limits.upper:
        word = "high"
    elif sample.value < limits.lower:
        word = "low"
    else:
        word = "normal"
    if sample.stale:
        word = word + "?"
    return word


def largest_step(values):
    """The largest rise from one value to the next."""
    best = 0
    for index in range(1, len(values)):
        step = values[index] - values[index - 1]
        if step > best:
            best = step
    return best


def until_marker(values, marker):
    """The values before the first marker, negative ones left out."""
    kept = []
    for value in values:
        if value == marker:
            break
        if value < 0:
            continue
        kept.append(value)
    return kept


def moving_average(values, width):
    """Averages over a sliding window of the given width."""
    averages = []
    window = []
    total = 0
    for value in values:
        window.append(value)
        total += value
        if len(window) > width:
            total -= window.pop(0)
        averages.append(total / len(window))
    return averages
