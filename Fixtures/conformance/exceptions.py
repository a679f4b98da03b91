def handlers(a, b):
    try:
        return a[b]
    except IndexError:
        return "index"
    except (KeyError, TypeError) as e:
        return type(e).__name__
    finally:
        pass


def finally_order(n: int):
    out = []
    try:
        out.append(1)
        if n % 3 == 0:
            raise ValueError(n)
        if n % 3 == 1:
            return out
        out.append(2)
    except ValueError as e:
        out.append(e.args)
    else:
        out.append("else")
    finally:
        out.append("finally")
    out.append("after")
    return out


def finally_override(n: int):
    for i in range(3):
        try:
            if n % 2:
                return "try"
            continue
        finally:
            if n > 3:
                break
    return i


def finally_return(n: int):
    try:
        return 1 // n
    finally:
        if n < 2:
            return "swallowed"


def nested_finally(n: int):
    out = []
    try:
        try:
            out.append(10 // n)
        finally:
            out.append("inner")
            try:
                out.append([1, 2, 3][n])
            except IndexError:
                out.append("caught")
    except ZeroDivisionError:
        out.append("zero")
    return out


def loop_finally(a: list[int]):
    out = []
    for x in a:
        try:
            if x == 1:
                continue
            if x == 3:
                break
            out.append(10 // x)
        except ZeroDivisionError:
            out.append("z")
        finally:
            out.append(x)
    else:
        out.append("else")
    return out


def raising(n: int):
    if n % 4 == 0:
        raise KeyError
    if n % 4 == 1:
        raise KeyError("k", n)
    if n % 4 == 2:
        raise RuntimeError("a") from ValueError("b")
    raise TypeError(n) from None


def reraise(n: int):
    try:
        1 // n
    except ZeroDivisionError as e:
        raise ValueError("zero") from e
    raise LookupError(n)


def bare_raise(n: int):
    try:
        try:
            raise IndexError(n)
        except IndexError:
            if n % 2:
                raise
            return "kept"
    except LookupError as e:
        return e.args


def cause(n: int):
    try:
        try:
            [][n]
        except IndexError as e:
            raise KeyError(n) from e
    except KeyError as e:
        return type(e.__cause__).__name__, e.args, str(e), repr(e)


def name_unbound(n: int):
    e = "outer"
    try:
        raise ValueError
    except ValueError as e:
        pass
    return e


def wrong_raise(n: int):
    raise n


def wrong_catch(n: int):
    try:
        raise ValueError
    except n:
        return 1


def exception_in_handler(n: int):
    try:
        try:
            raise ValueError(1)
        except ValueError:
            raise KeyError(2)
        finally:
            n += 1
    except KeyError:
        return n


def hierarchy(n: int):
    errors = [ValueError, KeyError, IndexError, ZeroDivisionError, OSError, StopIteration, UnicodeError, NotImplementedError]
    out = []
    for base in (LookupError, ArithmeticError, RuntimeError, Exception):
        try:
            raise errors[n % 8]("x")
        except base as e:
            out.append(base.__name__)
        except Exception:
            out.append("other")
    return out


def try_in_loop(words: list[str]):
    total = 0
    bad = []
    for word in words:
        try:
            total += int(word)
        except ValueError:
            bad.append(word)
    return total, bad


def suppress_break(a: list[int]):
    while True:
        try:
            a.pop()
        except IndexError:
            break
    return a


def return_value_kept(n: int):
    x = [n]
    try:
        return x
    finally:
        x.append(1)
        x = None


def deep(n: int):
    def f(k):
        if k == 0:
            raise ValueError("bottom")
        try:
            return f(k - 1)
        finally:
            log.append(k)

    log = []
    try:
        f(n % 6)
    except ValueError as e:
        return log, e.args


def exception_values(n: int):
    e = ValueError(1, "two")
    f = KeyError("k")
    return e.args, str(e), repr(e), str(f), repr(f), str(Exception()), isinstance(f, LookupError), e == ValueError(1, "two")


def assertion_message(n: int):
    try:
        assert n > 3, ("m", n)
    except AssertionError as e:
        return e.args
    return "ok"


def with_blocks(n: int):
    log = []

    class Manager:
        def __init__(self, name, swallow):
            self.name = name
            self.swallow = swallow

        def __enter__(self):
            log.append("enter " + self.name)
            return self

        def __exit__(self, kind, value, trace):
            log.append(("exit", self.name, kind is None, kind.__name__ if kind else None))
            return self.swallow

    for i in range(2):
        with Manager("a", n % 2 == 0) as m, Manager("b", False):
            log.append(m.name)
            if n % 3 == 0:
                raise ValueError(n)
            if n % 3 == 1:
                continue
            if n > 5:
                return log
    log.append("end")
    return log


def user_exception(n: int):
    class Error(Exception):
        pass

    class Special(Error, ValueError):
        def __init__(self, code):
            super().__init__("special", code)
            self.code = code

    try:
        if n % 2:
            raise Special(n)
        raise Error("plain", n)
    except ValueError as e:
        return "special", e.code, e.args
    except Error as e:
        return "plain", e.args
