import math


def integer_operators(a: int, b: int):
    return a + b, a - b, a * b, -a, +a, ~a, abs(a), a & b, a | b, a ^ b


def division(a: int, b: int):
    return a // b, a % b, divmod(a, b), a / b


def float_division(a: float, b: float):
    return a // b, a % b, divmod(a, b)


def float_operators(a: float, b: float):
    return a + b, a - b, a * b, -a, abs(a), a == b, a < b, a <= b, a != b


def mixed_compare(a: int, b: float):
    return a == b, a < b, a > b, a <= b, a >= b, a != b, hash(a) == hash(float(a)) if abs(a) < 100 else None


def shifts(a: int, b: int):
    b = b % 80
    return a << b, a >> b, a >> (b // 4)


def negative_shift(a: int, b: int):
    return a << b if b < 40 else a >> b


def powers(a: int, b: int):
    a, b = a % 7 - 3, b % 40
    return a ** b, 2.0 ** b, pow(a, b, 13)

def modular_powers(a: int, b: int):
    b = b % 40 - 20
    return pow(a, b, 1), pow(a, b, -1), pow(a, b, -6)



def negative_power(a: int, b: int):
    return (a % 9) ** -(b % 5)


def bools(a: bool, b: bool, c: int):
    return a & b, a | b, a ^ b, a + b, -a, ~c, a == c, a & c, int(a), bool(c), a * c


def rounding(x: float, n: int):
    n = n % 5
    return round(x, n), round(-x, n)


def rounding_whole(x: float):
    return round(x)


def rounding_integer(a: int, n: int):
    return round(a), round(a, n % 3), round(a, -(n % 4))


def truncating(x: float):
    return int(x), math.floor(x), math.ceil(x), math.trunc(x)


def parse_int(s: str):
    return int(s)


def parse_radix(s: str, n: int):
    return int(s, [0, 2, 8, 10, 16, 36][n % 6])


def parse_float(s: str):
    return float(s)


def parses(n: int):
    words = ["1_000", " 12 ", "0x1f", "1e5", ".5", "5.", "1__0", "+3", "-0", "1e400", "nan", "-Infinity", "0b11", "٣", "1e", "1_0.0_1"]
    word = words[n % 16]
    try:
        first = int(word)
    except ValueError as e:
        first = "bad"
    try:
        second = float(word)
    except ValueError:
        second = "bad"
    return word, first, second


def representations(a: int, x: float):
    return bin(a), oct(a), hex(a), str(a), repr(x), str(x), a.bit_length()


def truths(a):
    return bool(a), not a, 1 if a else 2


def sums(a: list[int]):
    return sum(a), sum(a, 10), max(a), min(a, default=None), math.prod(a)


def extremes(a: list[int], b: int):
    return max(a, key=lambda x: -x), min(a + [b]), max(1, b, 3), min(b, 2.0), max([True, 1, 1.0])


def roots(a: int):
    return math.isqrt(abs(a)), math.sqrt(abs(a) % 1000), math.gcd(a, 12), math.factorial(abs(a) % 20)


def math_errors(x: float):
    return math.sqrt(x), math.log(x)


def big(a: int, b: int):
    x = a * 10**20 + b
    return x * x, x // 7, x % 1000003, x % -13, -x // 3, x & 0xFFFF, x >> 3, x == x + 0, x > b, x / 3


def true_divide(a: int, b: int):
    return (a * 10**30 + 1) / (b * 10**12 + 7)


def big_float(a: int):
    x = a * 2**60 + 1
    return float(x), x == float(x), x < float(x) + 1.0, int(float(x))


def collatz(n: int):
    n = abs(n) % 100 + 1
    steps = 0
    while n != 1 and steps < 200:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def gcd(a: int, b: int):
    while b:
        a, b = b, a % b
    return a


def any_arithmetic(a, b):
    return a + b


def any_product(a, b):
    return a * b


def any_modulo(a, b):
    return a % b


def any_compare(a, b):
    return a < b


def any_equal(a, b):
    return a == b, a != b, [a] == [b], a in [b], (a, 1) == (b, 1)


def any_negative(a):
    return -a


def any_int(a):
    return int(a)


def any_float(a):
    return float(a)


def any_abs(a):
    return abs(a)


def any_bits(a, b):
    return a & b, a | b


def any_sub(a, b):
    return a - b
