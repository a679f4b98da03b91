"""Families of idioms: ways to write nearly the same, some equal, most not quite.

Two members of a family with the same holes filled make a pair. What logicdiff calls same of them is played in python3;
these pairs stand where the prover's rules do, unlike mutants of ordinary code. Holes: {E} an expression of x, {C} a
condition on x, {XS} something to go through, {A} and {B} expressions, {S} and {T} statements, {K} a constant.
"""
import ast
import random as randoms

from .silence import Mutant, seed_of
from .sources import Function, Module

HOLES = {
    "E": ["x", "f(x)", "x.a", "x + 1", "g(x, a)", "x[0]", "(x, a)", "[x]", "str(x)", "a", "1", "-x", "x * x", "o.m(x)",
          "x or a", "{x: a}"],
    "C": ["x", "x > a", "x == a", "f(x)", "x.ok", "x is None", "x in ys", "not x", "x > 0 and f(x)", "x % 2 == 0",
          "isinstance(x, int)", "x != 0", "a", "x.ok or a", "x == 0"],
    "XS": ["xs", "f(a)", "d", "o.items", "range(n)", "list(xs)", "xs[1:]", "sorted(xs)", "d.items()", "reversed(xs)",
           "[a, b, c]", "(a, b)", "s", "o", "range(3)", "[]", "[1, 2, 3]"],
    "A": ["a", "f(a)", "o.x", "xs[0]", "1", "None", "a + b", "len(xs)", "d[k]", "[a]", "not a", "s", "''", "o.m()", "n"],
    "B": ["b", "g(b)", "o.y", "xs[-1]", "2", "0", "b - 1", "d.get(k)", "[]", "a == b", "(a, b)", "o.x", "False"],
    "S": ["f(a)", "o.x = a", "xs.append(a)", "d[k] = a", "g()", "o.m()", "pass", "b = a", "del d[k]", "n = n + 1"],
    "T": ["g(b)", "o.y = b", "xs.pop()", "d[b] = 1", "h(a)", "o.x = b", "xs = []", "a = b", "d.clear()"],
    "K": ["0", "1", "2", "-1", "'a'", "None", "True", "1.0", "''"],
    "KK": ["1", "2", "'b'", "None", "False", "0.0", "3"],
}

FAMILIES = {
    "match-constants": """
match {A}:
    case 1:
        {S}
        return 'one'
    case 2 | 3:
        {T}
        return 'few'
    case _:
        return 'many'
===
v = {A}
if v == 1:
    {S}
    return 'one'
elif v == 2 or v == 3:
    {T}
    return 'few'
else:
    return 'many'
===
v = {A}
if v == 1:
    {S}
    return 'one'
if v in (2, 3):
    {T}
    return 'few'
return 'many'
===
match {A}:
    case 2 | 3:
        {T}
        return 'few'
    case 1:
        {S}
        return 'one'
    case _:
        return 'many'
===
match {A}:
    case 1:
        {S}
        return 'one'
    case 2:
        {T}
        return 'few'
    case 3:
        {T}
        return 'few'
return 'many'
===
match {A}:
    case True:
        {S}
        return 'one'
    case 2 | 3:
        {T}
        return 'few'
    case _:
        return 'many'
===
match {A}:
    case 1:
        {S}
        return 'one'
    case x if x == 2 or x == 3:
        {T}
        return 'few'
    case _:
        return 'many'
===
match {A}:
    case 1.0:
        {S}
        return 'one'
    case 2 | 3:
        {T}
        return 'few'
    case _:
        return 'many'""",
    "match-shapes": """
match {A}:
    case [x, y]:
        return g(x, y)
    case [x]:
        return f(x)
    case None:
        return 0
    case _:
        return b
===
v = {A}
if isinstance(v, (list, tuple)) and len(v) == 2:
    x, y = v
    return g(x, y)
if isinstance(v, (list, tuple)) and len(v) == 1:
    return f(v[0])
if v is None:
    return 0
return b
===
match {A}:
    case (x, y):
        return g(x, y)
    case (x,):
        return f(x)
    case None:
        return 0
    case c:
        return b
===
match {A}:
    case [x, *y]:
        return g(x, y)
    case None:
        return 0
    case _:
        return b
===
match {A}:
    case [y, x]:
        return g(x, y)
    case [x]:
        return f(x)
    case None:
        return 0
    case _:
        return b
===
match {A}:
    case [x]:
        return f(x)
    case None:
        return 0
    case [x, y]:
        return g(x, y)
return b
===
match {A}:
    case [x, y] if x:
        return g(x, y)
    case [x] | [x, _]:
        return f(x)
    case None:
        return 0
    case _:
        return b""",
    "match-names": """
match {A}:
    case str(x):
        return f(x)
    case int(x) | float(x):
        return g(x)
    case {{'k': x, **r}}:
        return r
    case _:
        return None
===
v = {A}
if isinstance(v, str):
    return f(v)
if isinstance(v, (int, float)):
    return g(v)
if isinstance(v, dict) and 'k' in v:
    r = dict(v)
    del r['k']
    return r
return None
===
match {A}:
    case str():
        return f({A})
    case int(x) | float(x):
        return g(x)
    case {{'k': x, **r}}:
        return r
===
match {A}:
    case int(x) | float(x):
        return g(x)
    case str(x):
        return f(x)
    case {{'k': x, **r}}:
        return r
    case _:
        return None
===
match {A}:
    case str(x):
        return f(x)
    case int(x) | float(x):
        return g(x)
    case {{'k': _, **r}}:
        return r
    case x:
        return None
===
match {A}:
    case str(x):
        return f(x)
    case int(x) | float(x):
        return g(x)
    case {{'k': x}}:
        return {A}""",
    "local-class": """
class C:
    n = {A}

    def get(self):
        return self.n
{S}
return C().get()
===
class C:
    n = {A}

    def get(self):
        return C.n
{S}
return C().get()
===
class C:
    def __init__(self):
        self.n = {A}

    def get(self):
        return self.n
{S}
return C().get()
===
v = {A}
{S}
return v
===
class C:
    n = {A}

    def get(self):
        return self.n
v = C()
{S}
return v.get()
===
{S}
class C:
    n = {A}

    def get(self):
        return self.n
return C().get()
===
class C:
    n = {A}
    m = n

    def get(self):
        return self.m
{S}
return C().get()
===
class C(o):
    n = {A}

    def get(self):
        return self.n
{S}
return C().get()""",
    "local-class-result": """
class C:
    a = {A}

    def b(self):
        return {B}
return C
===
class C:
    a = {A}

    def b(self, *rest):
        return {B}
return C
===
class C:
    def b(self):
        return {B}
    a = {A}
return C
===
class C(object):
    a = {A}

    def b(self):
        return {B}
return C
===
class C:
    a = {A}

    @staticmethod
    def b(self):
        return {B}
return C
===
class C:
    a = {A}
    b = lambda self: {B}
return C
===
C = type('C', (), {{'a': {A}, 'b': lambda self: {B}}})
return C
===
class C:
    a = {A}

    def b(self):
        v = {B}
        return v
return C""",
    "guard-raise": """
if {A} or {B}:
    raise ValueError(a)
{S}
return b
===
if {A}:
    raise ValueError(a)
if {B}:
    raise ValueError(a)
{S}
return b
===
if {B} or {A}:
    raise ValueError(a)
{S}
return b
===
if {A}:
    raise ValueError(a)
elif {B}:
    raise ValueError
{S}
return b
===
if not ({A} or {B}):
    {S}
    return b
raise ValueError(a)
===
if {A}:
    raise ValueError(a)
{S}
if {B}:
    raise ValueError(a)
return b""",
    "own-list": """
r = [x for x in {XS} if {C}]
if r:
    {S}
return len(r)
===
r = []
for x in {XS}:
    if {C}:
        r.append(x)
if r:
    {S}
return len(r)
===
r = []
for x in {XS}:
    if {C}:
        r.append(x)
if len(r) > 0:
    {S}
return len(r)
===
t = []
for x in {XS}:
    if {C}:
        t.append(x)
r = t
if r:
    {S}
return len(t)
===
n = 0
for x in {XS}:
    if {C}:
        n += 1
if n:
    {S}
return n
===
r = [x for x in {XS} if {C}]
if len(r) > 1:
    {S}
return len(r)
===
r = []
for x in {XS}:
    if {C}:
        r.append(x)
        if r:
            {S}
return len(r)
===
r = {{x for x in {XS} if {C}}}
if r:
    {S}
return len(r)
===
r = [x for x in {XS} if {C}]
o.r = r
if r:
    {S}
return len(r)""",
    "count": """
n = 0
for x in {XS}:
    if {C}:
        n += 1
return n
===
return sum(1 for x in {XS} if {C})
===
return sum([1 for x in {XS} if {C}])
===
return len([x for x in {XS} if {C}])
===
return sum(bool({C}) for x in {XS})
===
return sum({C} for x in {XS})
===
n = 0
for x in {XS}:
    n += {C}
return n
===
return len(list(filter(lambda x: {C}, {XS})))
===
n = 0
for i, x in enumerate({XS}):
    if not ({C}):
        continue
    n = n + 1
return n
===
return {XS}.count(a)
===
return len({{x for x in {XS} if {C}}})""",
    "collect": """
r = []
for x in {XS}:
    if {C}:
        r.append({E})
return r
===
return [{E} for x in {XS} if {C}]
===
return list({E} for x in {XS} if {C})
===
return [*({E} for x in {XS} if {C})]
===
r = []
for x in {XS}:
    if {C}:
        r += [{E}]
return r
===
r = []
for x in {XS}:
    if {C}:
        r = r + [{E}]
return r
===
return list(map(lambda x: {E}, [x for x in {XS} if {C}]))
===
return list(map(lambda x: {E}, filter(lambda x: {C}, {XS})))
===
return ({E} for x in {XS} if {C})
===
return tuple({E} for x in {XS} if {C})
===
r = []
for x in {XS}:
    v = {E}
    if {C}:
        r.append(v)
return r
===
r = []
for x in {XS}:
    if {C}:
        r.insert(len(r), {E})
return r
===
r = []
for x in {XS}:
    if {C}:
        r.extend([{E}])
return r
===
r = list({XS})
for i in range(len(r)):
    x = r[i]
    r[i] = {E}
return r
===
return [{E} for x in list({XS}) if {C}]""",
    "any": """
for x in {XS}:
    if {C}:
        return True
return False
===
return any({C} for x in {XS})
===
return any([{C} for x in {XS}])
===
found = False
for x in {XS}:
    if {C}:
        found = True
return found
===
found = False
for x in {XS}:
    if {C}:
        found = True
        break
return found
===
return not all(not ({C}) for x in {XS})
===
for x in {XS}:
    if {C}:
        break
else:
    return False
return True
===
return bool([x for x in {XS} if {C}])
===
return True in [{C} for x in {XS}]
===
found = False
for x in {XS}:
    found = found or {C}
return found
===
found = False
for x in {XS}:
    found = {C} or found
return bool(found)
===
return any(map(lambda x: {C}, {XS}))
===
return bool(sum(1 for x in {XS} if {C}))
===
return next((True for x in {XS} if {C}), False)""",
    "all": """
for x in {XS}:
    if not ({C}):
        return False
return True
===
return all({C} for x in {XS})
===
return all([{C} for x in {XS}])
===
return not any(not ({C}) for x in {XS})
===
ok = True
for x in {XS}:
    ok = ok and {C}
return ok
===
ok = True
for x in {XS}:
    if not {C}:
        ok = False
        break
return ok
===
ok = True
for x in {XS}:
    ok &= bool({C})
return ok
===
return len([x for x in {XS} if {C}]) == len({XS})""",
    "first": """
for x in {XS}:
    if {C}:
        return {E}
return None
===
return next(({E} for x in {XS} if {C}), None)
===
r = [{E} for x in {XS} if {C}]
return r[0] if r else None
===
result = None
for x in {XS}:
    if {C}:
        result = {E}
        break
return result
===
result = None
for x in {XS}:
    if {C}:
        result = {E}
return result
===
result = None
for x in {XS}:
    if {C} and result is None:
        result = {E}
return result
===
for x in {XS}:
    if {C}:
        return {E}
===
it = iter({XS})
while True:
    try:
        x = next(it)
    except StopIteration:
        return None
    if {C}:
        return {E}
===
try:
    return next({E} for x in {XS} if {C})
except StopIteration:
    return None""",
    "sum": """
t = 0
for x in {XS}:
    t += {E}
return t
===
return sum({E} for x in {XS})
===
return sum([{E} for x in {XS}])
===
t = 0
for x in {XS}:
    t = t + {E}
return t
===
t = 0
for x in {XS}:
    t = {E} + t
return t
===
t = 0.0
for x in {XS}:
    t += {E}
return t
===
t = 0
for x in reversed(list({XS})):
    t += {E}
return t
===
t = None
for x in {XS}:
    t = {E} if t is None else t + {E}
return t or 0
===
t = 0
for x in {XS}:
    t -= -({E})
return t
===
return sum(map(lambda x: {E}, {XS}))
===
return sum(({E} for x in {XS}), 0)""",
    "extremum": """
best = None
for x in {XS}:
    if best is None or x > best:
        best = x
return best
===
best = None
for x in {XS}:
    if best is None or x >= best:
        best = x
return best
===
best = None
for x in {XS}:
    if best is None or best < x:
        best = x
return best
===
best = None
for x in {XS}:
    if best is None or not best >= x:
        best = x
return best
===
best = None
for x in {XS}:
    best = x if best is None else max(best, x)
return best
===
best = None
for x in {XS}:
    best = x if best is None else max(x, best)
return best
===
return max({XS}, default=None)
===
r = sorted({XS})
return r[-1] if r else None
===
r = list({XS})
return max(r) if r else None
===
r = list({XS})
if not r:
    return None
best = r[0]
for x in r[1:]:
    if x > best:
        best = x
return best
===
r = list({XS})
if not r:
    return None
best = r[0]
for x in r:
    if x > best:
        best = x
return best""",
    "argmax": """
best, at = None, -1
for i, x in enumerate({XS}):
    if best is None or x > best:
        best, at = x, i
return at
===
best, at = None, -1
for i, x in enumerate({XS}):
    if best is None or x >= best:
        best, at = x, i
return at
===
r = list({XS})
return max(range(len(r)), key=lambda i: r[i]) if r else -1
===
r = list({XS})
return r.index(max(r)) if r else -1
===
best, at = None, -1
for i, x in enumerate({XS}):
    if at < 0 or best < x:
        best = x
        at = i
return at""",
    "table": """
t = {{}}
for x in {XS}:
    t[x] = t.get(x, 0) + 1
return t
===
t = {{}}
for x in {XS}:
    if x in t:
        t[x] += 1
    else:
        t[x] = 1
return t
===
t = {{}}
for x in {XS}:
    if x not in t:
        t[x] = 0
    t[x] += 1
return t
===
t = {{}}
for x in {XS}:
    try:
        t[x] += 1
    except KeyError:
        t[x] = 1
return t
===
t = {{}}
for x in {XS}:
    t[x] = t.setdefault(x, 0) + 1
return t
===
t = {{x: 0 for x in {XS}}}
for x in {XS}:
    t[x] += 1
return t
===
return {{x: list({XS}).count(x) for x in {XS}}}
===
import collections
return collections.Counter({XS})
===
import collections
return dict(collections.Counter({XS}))""",
    "grouping": """
t = {{}}
for x in {XS}:
    t.setdefault({E}, []).append(x)
return t
===
t = {{}}
for x in {XS}:
    v = {E}
    if v not in t:
        t[v] = []
    t[v].append(x)
return t
===
t = {{}}
for x in {XS}:
    if {E} not in t:
        t[{E}] = []
    t[{E}].append(x)
return t
===
t = {{}}
for x in {XS}:
    t[{E}] = t.get({E}, []) + [x]
return t
===
import collections
t = collections.defaultdict(list)
for x in {XS}:
    t[{E}].append(x)
return t""",
    "mapping": """
t = {{}}
for x in {XS}:
    if {C}:
        t[x] = {E}
return t
===
return {{x: {E} for x in {XS} if {C}}}
===
return dict((x, {E}) for x in {XS} if {C})
===
return dict([(x, {E}) for x in {XS} if {C}])
===
t = {{}}
for x in {XS}:
    if {C}:
        t.update({{x: {E}}})
return t
===
t = dict()
for x in {XS}:
    v = {E}
    if {C}:
        t[x] = v
return t
===
t = {{}}
for x in {XS}:
    if {C}:
        t.setdefault(x, {E})
return t""",
    "reverse": """
return {XS}[::-1]
===
return list(reversed({XS}))
===
return list({XS})[::-1]
===
r = []
for x in {XS}:
    r.insert(0, x)
return r
===
r = list({XS})
r.reverse()
return r
===
r = {XS}
r.reverse()
return r
===
r = list({XS})
return [r[i] for i in range(len(r) - 1, -1, -1)]
===
r = list({XS})
return [r[-i] for i in range(1, len(r) + 1)]
===
r = list({XS})
return [r[-i] for i in range(len(r))]
===
return sorted({XS}, reverse=True)""",
    "default": """
return {A} if a is not None else {B}
===
return {B} if a is None else {A}
===
return {A} if a else {B}
===
return a and {A} or {B}
===
return {A} or {B}
===
if a is None:
    return {B}
return {A}
===
if not a:
    return {B}
return {A}
===
if a == None:
    return {B}
return {A}
===
r = {B}
if a is not None:
    r = {A}
return r
===
r = {A}
if a is None:
    r = {B}
return r""",
    "branches": """
if {A}:
    {S}
elif {B}:
    {T}
else:
    f(c)
return a
===
if {A}:
    {S}
else:
    if {B}:
        {T}
    else:
        f(c)
return a
===
if not ({A}):
    if {B}:
        {T}
    else:
        f(c)
else:
    {S}
return a
===
if {A}:
    {S}
if not ({A}) and {B}:
    {T}
if not ({A}) and not ({B}):
    f(c)
return a
===
if {A}:
    {S}
    return a
if {B}:
    {T}
    return a
f(c)
return a
===
if {B}:
    {T}
elif {A}:
    {S}
else:
    f(c)
return a
===
p, q = {A}, {B}
if p:
    {S}
elif q:
    {T}
else:
    f(c)
return a
===
if {A} and {B}:
    {S}
elif {B}:
    {T}
elif {A}:
    {S}
else:
    f(c)
return a""",
    "guards": """
if {A} and {B}:
    {S}
{T}
return b
===
if {A}:
    if {B}:
        {S}
{T}
return b
===
if {B} and {A}:
    {S}
{T}
return b
===
if not ({A}) or not ({B}):
    pass
else:
    {S}
{T}
return b
===
if not ({A} and {B}):
    {T}
    return b
{S}
{T}
return b
===
p = {A}
q = {B}
if p and q:
    {S}
{T}
return b
===
p = {A} and {B}
if p:
    {S}
{T}
return b
===
if bool({A} and {B}):
    {S}
{T}
return b
===
if all(({A}, {B})):
    {S}
{T}
return b
===
if {A}:
    if {B}:
        {S}
        {T}
    else:
        {T}
else:
    {T}
return b
===
if {A}:
    {S}
elif {B}:
    {S}
{T}
return b""",
    "either": """
if {A} or {B}:
    {S}
    return 1
{T}
return 0
===
if {A}:
    {S}
    return 1
if {B}:
    {S}
    return 1
{T}
return 0
===
if {A}:
    {S}
    return 1
elif {B}:
    {S}
    return 1
else:
    {T}
    return 0
===
if not (not ({A}) and not ({B})):
    {S}
    return 1
{T}
return 0
===
if any(({A}, {B})):
    {S}
    return 1
{T}
return 0
===
if {B} or {A}:
    {S}
    return 1
{T}
return 0
===
if ({A}) + ({B}):
    {S}
    return 1
{T}
return 0
===
if {A} or {B}:
    {S}
{T}
return int(bool({A} or {B}))""",
    "membership": """
return {A} in ({K}, {KK})
===
return {A} == {K} or {A} == {KK}
===
return {A} in [{K}, {KK}]
===
return {A} in {{{K}, {KK}}}
===
return {K} == {A} or {KK} == {A}
===
v = {A}
return v == {K} or v == {KK}
===
v = {A}
return v is {K} or v is {KK} or v == {K} or v == {KK}
===
return {A} in ({KK}, {K})
===
return any({A} == v for v in ({K}, {KK}))
===
v = {A}
return any(v == w for w in [{K}, {KK}])
===
return not {A} not in ({K}, {KK})
===
if {A} == {K}:
    return True
return {A} == {KK}""",
    "text": """
return '%s-%s' % ({A}, {B})
===
return '{{}}-{{}}'.format({A}, {B})
===
return f'{{{A}}}-{{{B}}}'
===
return f'{{{A}!s}}-{{{B}!s}}'
===
return str({A}) + '-' + str({B})
===
return '-'.join([str({A}), str({B})])
===
return '-'.join((str(v) for v in ({A}, {B})))
===
return '%s-' % {A} + '%s' % {B}
===
return '%r-%s' % ({A}, {B})
===
return '{{0}}-{{1}}'.format({A}, {B})
===
return '%d-%d' % ({A}, {B})
===
return f'{{{A}:d}}-{{{B}:d}}'
===
return {A} + '-' + {B}""",
    "one-text": """
return '%s' % {A}
===
return str({A})
===
return f'{{{A}}}'
===
return '{{}}'.format({A})
===
return format({A})
===
return '%s' % ({A},)
===
return f'{{{A}!s}}'
===
return ''.join([str({A})])
===
return {A} if isinstance({A}, str) else str({A})
===
return {A}.__str__()""",
    "lookup": """
try:
    v = d[k]
except KeyError:
    return None
return {A}
===
try:
    v = d[k]
    return {A}
except KeyError:
    return None
===
if k in d:
    return {A}
return None
===
if k not in d:
    return None
v = d[k]
return {A}
===
v = d.get(k)
if v is None:
    return None
return {A}
===
try:
    v = d[k]
except LookupError:
    return None
return {A}
===
try:
    v = d[k]
except Exception:
    return None
else:
    return {A}
===
try:
    v = d[k]
except KeyError:
    return None
finally:
    g(k)
return {A}""",
    "get": """
return d[k] if k in d else {A}
===
return d.get(k, {A})
===
try:
    return d[k]
except KeyError:
    return {A}
===
if k in d:
    return d[k]
return {A}
===
v = d.get(k)
return {A} if v is None else v
===
return d.get(k) or {A}
===
return d.setdefault(k, {A})
===
v = {A}
if k in d:
    v = d[k]
return v""",
    "cleanup": """
o.open()
try:
    {S}
    return {A}
finally:
    o.close()
===
o.open()
try:
    {S}
    r = {A}
finally:
    o.close()
return r
===
o.open()
{S}
r = {A}
o.close()
return r
===
o.open()
try:
    {S}
    r = {A}
except Exception:
    o.close()
    raise
o.close()
return r
===
o.open()
try:
    {S}
    r = {A}
except BaseException:
    o.close()
    raise
else:
    o.close()
    return r
===
try:
    o.open()
    {S}
    return {A}
finally:
    o.close()
===
o.open()
try:
    {S}
finally:
    o.close()
return {A}
===
o.open()
try:
    try:
        {S}
        return {A}
    finally:
        pass
finally:
    o.close()""",
    "manager": """
with o:
    {S}
    r = {A}
return r
===
with o:
    {S}
    return {A}
===
o.__enter__()
try:
    {S}
    return {A}
finally:
    o.__exit__(None, None, None)
===
with o as p:
    {S}
r = {A}
return r
===
with o, c:
    {S}
    return {A}
===
with o:
    with c:
        {S}
        return {A}
===
with c, o:
    {S}
    return {A}
===
with o:
    {S}
    r = {A}
    return r""",
    "closures": """
return [lambda: x for x in {XS}]
===
return [lambda x=x: x for x in {XS}]
===
r = []
for x in {XS}:
    r.append(lambda: x)
return r
===
r = []
for x in {XS}:
    r.append(lambda x=x: x)
return r
===
def make(x):
    return lambda: x
return [make(x) for x in {XS}]
===
r = []
for x in {XS}:
    def get():
        return x
    r.append(get)
return r""",
    "closure-state": """
n = {A}
def get():
    return n
n = {B}
return get()
===
n = {A}
get = lambda: n
n = {B}
return get()
===
n = {A}
get = lambda n=n: n
n = {B}
return get()
===
n = {A}
v = n
n = {B}
return v
===
n = {A}
n = {B}
return n
===
n = {A}
def put():
    nonlocal n
    n = {B}
put()
return n
===
n = {A}
def put():
    n = {B}
put()
return n""",
    "swap": """
a, b = {B}, {A}
return a, b
===
a = {B}
b = {A}
return a, b
===
t = {B}
b = {A}
a = t
return a, b
===
b, a = {A}, {B}
return a, b
===
t, u = {B}, {A}
return t, u
===
(a, b) = [{B}, {A}]
return (a, b)
===
return {B}, {A}""",
    "indices": """
r = []
for i in range(len(xs)):
    r.append(xs[i])
return r
===
r = []
for x in xs:
    r.append(x)
return r
===
return list(xs)
===
r = []
i = 0
while i < len(xs):
    r.append(xs[i])
    i += 1
return r
===
r = []
for i, x in enumerate(xs):
    r.append(x)
return r
===
r = []
n = len(xs)
i = 0
while i < n:
    r.append(xs[i])
    i += 1
return r
===
return [xs[i] for i in range(len(xs))]
===
return [xs[i] for i in range(0, len(xs), 1)]
===
return xs[:]
===
return xs.copy()
===
return [*xs]
===
return xs[0:len(xs)]
===
return xs""",
    "own-indices": """
v = list({XS})
r = []
for i in range(len(v)):
    r.append(g(i, v[i]))
return r
===
v = list({XS})
return [g(i, x) for i, x in enumerate(v)]
===
return [g(i, x) for i, x in enumerate({XS})]
===
r = []
i = 0
for x in {XS}:
    r.append(g(i, x))
    i += 1
return r
===
r = []
i = -1
for x in {XS}:
    i += 1
    r.append(g(i, x))
return r
===
r = []
i = 0
for x in {XS}:
    i += 1
    r.append(g(i, x))
return r
===
v = list({XS})
r = []
i = 0
while i < len(v):
    r.append(g(i, v[i]))
    i += 1
return r
===
v = list({XS})
r = []
i = 0
while i != len(v):
    r.append(g(i, v[i]))
    i = i + 1
return r
===
v = {XS}
return [g(i, v[i]) for i in range(len(v))]
===
return [g(i, x) for i, x in zip(range(len(list({XS}))), {XS})]""",
    "pairs": """
return [(x, y) for x, y in zip(xs, ys)]
===
return list(zip(xs, ys))
===
return [(xs[i], ys[i]) for i in range(len(xs))]
===
return [(xs[i], ys[i]) for i in range(min(len(xs), len(ys)))]
===
r = []
for x, y in zip(xs, ys):
    r.append((x, y))
return r
===
return [p for p in zip(xs, ys)]
===
return [(x, y) for y, x in zip(ys, xs)]
===
return [[x, y] for x, y in zip(xs, ys)]
===
r = []
for i, x in enumerate(xs):
    r.append((x, ys[i]))
return r""",
    "product": """
r = []
for x in xs:
    for y in ys:
        r.append(g(x, y))
return r
===
return [g(x, y) for x in xs for y in ys]
===
return [g(x, y) for y in ys for x in xs]
===
r = []
for y in ys:
    for x in xs:
        r.append(g(x, y))
return r
===
r = []
for x in xs:
    r += [g(x, y) for y in ys]
return r
===
r = []
for x in xs:
    r.extend(g(x, y) for y in ys)
return r
===
return sum([[g(x, y) for y in ys] for x in xs], [])
===
v = list(ys)
return [g(x, y) for x in xs for y in v]""",
    "forever": """
while {A}:
    {S}
    {T}
return b
===
while True:
    if not ({A}):
        break
    {S}
    {T}
return b
===
while True:
    if {A}:
        {S}
        {T}
    else:
        return b
===
while not (not {A}):
    {S}
    {T}
return b
===
if {A}:
    while True:
        {S}
        {T}
        if not {A}:
            break
return b
===
while True:
    {S}
    {T}
    if not {A}:
        break
return b
===
go = {A}
while go:
    {S}
    {T}
    go = {A}
return b
===
while {A}:
    {S}
    {T}
else:
    return b""",
    "for-else": """
for x in {XS}:
    if {C}:
        {S}
        break
else:
    {T}
return a
===
found = False
for x in {XS}:
    if {C}:
        {S}
        found = True
        break
if not found:
    {T}
return a
===
for x in {XS}:
    if {C}:
        {S}
        return a
{T}
return a
===
for x in {XS}:
    if {C}:
        {S}
        break
{T}
return a
===
found = False
for x in {XS}:
    if {C}:
        {S}
        found = True
if not found:
    {T}
return a
===
for x in {XS}:
    if not {C}:
        continue
    {S}
    break
else:
    {T}
return a""",
    "generators": """
for x in {XS}:
    if {C}:
        yield {E}
===
yield from ({E} for x in {XS} if {C})
===
yield from [{E} for x in {XS} if {C}]
===
return ({E} for x in {XS} if {C})
===
return iter([{E} for x in {XS} if {C}])
===
for x in list({XS}):
    if {C}:
        yield {E}
===
it = iter({XS})
for x in it:
    if not {C}:
        continue
    yield {E}
===
for x in {XS}:
    v = {E}
    if {C}:
        yield v
===
for v in [{E} for x in {XS} if {C}]:
    yield v
===
return filter(lambda x: {C}, {XS})""",
    "delegation": """
yield from {XS}
===
for x in {XS}:
    yield x
===
for x in {XS}:
    (yield x)
return None
===
r = yield from {XS}
return r
===
for x in {XS}:
    a = yield x
===
yield from list({XS})
===
yield from iter({XS})""",
    "truth": """
return bool({A})
===
return not not {A}
===
return True if {A} else False
===
return {A} != 0
===
return {A} is not None
===
return {A} == True
===
return {A}
===
if {A}:
    return True
return False
===
return len({A}) > 0
===
return ({A} and True) or False
===
return {A} and True""",
    "empty": """
if not xs:
    return {A}
return {B}
===
if len(xs) == 0:
    return {A}
return {B}
===
if len(xs) < 1:
    return {A}
return {B}
===
if xs == []:
    return {A}
return {B}
===
if not len(xs):
    return {A}
return {B}
===
if len(xs) > 0:
    return {B}
return {A}
===
if xs:
    return {B}
else:
    return {A}
===
return {B} if xs else {A}
===
return {B} if len(xs) else {A}
===
for x in xs:
    return {B}
return {A}""",
    "reads": """
p = o.x
{S}
return p + o.x
===
p = o.x
{S}
return p + p
===
{S}
p = o.x
return p + p
===
{S}
return o.x + o.x
===
p = o.x
q = o.x
{S}
return p + q
===
q = o.y
p = o.x
{S}
return p + o.x""",
    "attribute-order": """
p = o.x
q = o.y
{S}
return p, q
===
q = o.y
p = o.x
{S}
return p, q
===
p, q = o.x, o.y
{S}
return p, q
===
{S}
return o.x, o.y
===
q = o.y
{S}
return o.x, q
===
p = o.x
{S}
q = o.y
return p, q""",
    "effects": """
{S}
{T}
return a
===
{T}
{S}
return a
===
{S}
return a
===
{S}
{S}
{T}
return a
===
r = a
{S}
{T}
return r
===
try:
    {S}
finally:
    {T}
return a
===
if a:
    {S}
    {T}
else:
    {S}
    {T}
return a
===
if a:
    {S}
else:
    {S}
{T}
return a
===
for _ in range(1):
    {S}
    {T}
return a
===
for _ in (1,):
    {S}
{T}
return a""",
    "isinstance": """
return isinstance(a, (int, str))
===
return isinstance(a, int) or isinstance(a, str)
===
return type(a) in (int, str)
===
return type(a) is int or type(a) is str
===
return isinstance(a, (str, int))
===
return isinstance(a, int) or isinstance(b, str)
===
return any(isinstance(a, t) for t in (int, str))
===
return isinstance(a, int | str)""",
    "recursion": """
if n <= 1:
    return 1
return n * {F}(a, b, c, n - 1, s, xs, ys, d, k, o, f, g)
===
r = 1
while n > 1:
    r = r * n
    n = n - 1
return r
===
r = 1
while n > 1:
    r *= n
    n -= 1
return r
===
r = 1
for i in range(2, n + 1):
    r *= i
return r
===
r = 1
for i in range(1, n + 1):
    r = i * r
return r
===
if n == 0:
    return 1
return n * {F}(a, b, c, n - 1, s, xs, ys, d, k, o, f, g)
===
return 1 if n <= 1 else {F}(a, b, c, n - 1, s, xs, ys, d, k, o, f, g) * n""",
    "tail": """
while b:
    a, b = b, a % b
return a
===
if not b:
    return a
return {F}(b, a % b, c, n, s, xs, ys, d, k, o, f, g)
===
while b != 0:
    a, b = b, a % b
return a
===
while b:
    t = a % b
    a = b
    b = t
return a
===
while b:
    a = b
    b = a % b
return a
===
if b == 0:
    return a
return {F}(b, a % b, c, n, s, xs, ys, d, k, o, f, g)
===
while True:
    if not b:
        return a
    a, b = b, a % b""",
    "merge": """
return {{**d, **o}}
===
return dict(d, **o)
===
r = dict(d)
r.update(o)
return r
===
r = d.copy()
r.update(o)
return r
===
return d | o
===
return {{**o, **d}}
===
r = {{}}
for x in d:
    r[x] = d[x]
for x in o:
    r[x] = o[x]
return r
===
d.update(o)
return d""",
    "dict-walk": """
return [g(x, d[x]) for x in d]
===
return [g(x, y) for x, y in d.items()]
===
return [g(x, d[x]) for x in d.keys()]
===
return [g(x, d[x]) for x in list(d)]
===
r = []
for x in d:
    r.append(g(x, d[x]))
return r
===
r = []
for x, y in d.items():
    r.append(g(x, y))
return r
===
return [g(x, y) for x, y in zip(d.keys(), d.values())]
===
return [g(x, d.get(x)) for x in d]
===
return [g(x, d[x]) for x in sorted(d)]""",
    "remove": """
if k in d:
    del d[k]
return a
===
d.pop(k, None)
return a
===
try:
    del d[k]
except KeyError:
    pass
return a
===
if k in d:
    d.pop(k)
return a
===
if d.get(k) is not None:
    del d[k]
return a
===
if k in d.keys():
    del d[k]
return a""",
    "filter-in-place": """
for x in list(xs):
    if {C}:
        xs.remove(x)
return xs
===
for x in xs:
    if {C}:
        xs.remove(x)
return xs
===
xs = [x for x in xs if not {C}]
return xs
===
xs[:] = [x for x in xs if not {C}]
return xs
===
for x in xs[:]:
    if {C}:
        xs.remove(x)
return xs
===
for x in xs.copy():
    if {C}:
        xs.remove(x)
return xs""",
    "sorting": """
return sorted({XS}, key=f)
===
r = list({XS})
r.sort(key=f)
return r
===
return sorted({XS}, key=lambda x: f(x))
===
return sorted({XS}, key=f, reverse=True)
===
return sorted({XS}, key=f)[::-1]
===
return list(reversed(sorted({XS}, key=f)))
===
return [x for x in sorted({XS}, key=f)]
===
return sorted(list({XS}), key=f)
===
return sorted(set({XS}), key=f)
===
return sorted((x for x in {XS}), key=f)
===
return [p[1] for p in sorted((f(x), x) for x in {XS})]
===
return sorted(sorted({XS}), key=f)""",
    "prefix": """
return s.startswith('ab')
===
return s[:2] == 'ab'
===
return s[0:2] == 'ab'
===
return s.find('ab') == 0
===
return s[0] == 'a' and s[1] == 'b'
===
return s.startswith(('ab',))
===
return s.startswith('a') and s[1:].startswith('b')
===
return s.removeprefix('ab') != s
===
return s.lstrip('ab') != s""",
    "words": """
return ' '.join(x for x in s.split())
===
return ' '.join([x for x in s.split()])
===
return ' '.join(s.split())
===
return ' '.join(s.split(' '))
===
r = ''
for x in s.split():
    if r:
        r += ' '
    r += x
return r
===
r = ''
for x in s.split():
    r += ' ' + x
return r[1:]
===
r = []
for x in s.split():
    r.append(x)
return ' '.join(r)
===
return s.strip()""",
    "raise": """
try:
    {S}
except ValueError as e:
    raise KeyError(a) from e
return b
===
try:
    {S}
except ValueError as e:
    raise KeyError(a)
return b
===
try:
    {S}
except ValueError:
    raise KeyError(a) from None
return b
===
try:
    {S}
except Exception as e:
    raise KeyError(a) from e
return b
===
try:
    {S}
except ValueError as e:
    x = KeyError(a)
    raise x from e
return b
===
try:
    {S}
    return b
except ValueError as e:
    raise KeyError(a) from e
===
try:
    {S}
except (ValueError, TypeError) as e:
    raise KeyError(a) from e
return b
===
try:
    {S}
except ValueError as e:
    raise KeyError from e
return b""",
    "reraise": """
try:
    {S}
    r = {A}
except ValueError:
    {T}
    raise
return r
===
try:
    {S}
    r = {A}
except ValueError as e:
    {T}
    raise e
return r
===
try:
    {S}
    r = {A}
except ValueError:
    {T}
    raise
else:
    return r
===
try:
    {S}
except ValueError:
    {T}
    raise
return {A}
===
try:
    {S}
    r = {A}
except:
    {T}
    raise
return r
===
{S}
return {A}""",
    "check": """
if not {A}:
    raise ValueError(a)
{S}
return b
===
if {A}:
    pass
else:
    raise ValueError(a)
{S}
return b
===
assert {A}, a
{S}
return b
===
if {A}:
    {S}
    return b
raise ValueError(a)
===
if not {A}:
    raise ValueError
{S}
return b
===
{S}
if not {A}:
    raise ValueError(a)
return b
===
if {A} is False:
    raise ValueError(a)
{S}
return b""",
    "unpack": """
x, y = {A}
return g(x, y)
===
t = {A}
return g(t[0], t[1])
===
x = {A}[0]
y = {A}[1]
return g(x, y)
===
x, y = list({A})
return g(x, y)
===
x, *y = {A}
return g(x, y)
===
[x, y] = {A}
return g(x, y)
===
t = {A}
x, y = t
return g(x, y)
===
return g(*{A})""",
    "chained": """
return a < {A} < b
===
return a < {A} and {A} < b
===
v = {A}
return a < v and v < b
===
v = {A}
return a < v < b
===
return {A} > a and {A} < b
===
return not (a >= {A} or {A} >= b)
===
return b > {A} > a
===
v = {A}
if not a < v:
    return False
return v < b
===
v = {A}
return bool(a < v and v < b)""",
    "choose": """
return a if a < b else b
===
return b if b < a else a
===
return min(a, b)
===
return min(b, a)
===
return a if a <= b else b
===
return b if a > b else a
===
if a < b:
    return a
return b
===
r = b
if a < r:
    r = a
return r
===
return sorted([a, b])[0]
===
return min([a, b])
===
return a if not b < a else b
===
return [a, b][b < a]
===
return -max(-a, -b)""",
    "clamp": """
return max(b, min(a, c))
===
return min(c, max(b, a))
===
if a < b:
    return b
if a > c:
    return c
return a
===
if a > c:
    return c
if a < b:
    return b
return a
===
return b if a < b else c if a > c else a
===
return max(min(a, c), b)
===
if a < b:
    a = b
elif a > c:
    a = c
return a
===
if a < b:
    a = b
if a > c:
    a = c
return a
===
return sorted((a, b, c))[1]""",
    "arithmetic": """
return a * 2 + b
===
return a + a + b
===
return b + 2 * a
===
return (a << 1) + b
===
return a + (a + b)
===
return 2 * a + b
===
return a * 2 - -b
===
return (a + b) + a
===
return (a + b) * 2 - b
===
return a * 2 + b + 0
===
return a * 2 + b * 1
===
return -(-a * 2 - b)""",
    "parity": """
return n % 2 == 0
===
return not n % 2
===
return n & 1 == 0
===
return not n & 1
===
return n // 2 * 2 == n
===
return n % 2 != 1
===
return n % 2 < 1
===
return (n + 1) % 2 == 1
===
return (n >> 1) << 1 == n
===
return int(n / 2) * 2 == n
===
return n % 2 is 0""",
    "halving": """
return n // 2
===
return n >> 1
===
return int(n / 2)
===
return (n - n % 2) // 2
===
return divmod(n, 2)[0]
===
return -(-n // 2)
===
return round(n / 2)
===
return n - (n + 1) // 2
===
return (n + 1) // 2""",
    "sums-of-ranges": """
t = 0
for i in range(n):
    t += i
return t
===
return n * (n - 1) // 2
===
return sum(range(n))
===
t = 0
for i in range(n + 1):
    t += i
return t
===
t = 0
for i in range(1, n):
    t += i
return t
===
t = 0
i = 0
while i < n:
    t += i
    i += 1
return t
===
t = 0
i = n
while i > 0:
    i -= 1
    t += i
return t
===
t = 0
while n > 0:
    n -= 1
    t += n
return t
===
return n * (n + 1) // 2 - n
===
return sum(i for i in range(0, n))""",
    "identities": """
return a == b
===
return b == a
===
return not a != b
===
return a is b
===
return a is b or a == b
===
return not (a < b or b < a)
===
return [a] == [b]
===
return a in (b,)
===
return a in [b]
===
return (a, c) == (b, c)
===
return bool(a == b)""",
    "self-cancel": """
return a - a + b
===
return b
===
return 0 + b
===
return b * 1
===
return b + 0
===
return a * 0 + b
===
return b if a == a else c
===
return --b
===
return +b
===
return b - 0
===
return b // 1
===
return b | b
===
return b or b""",
    "in-place": """
a += {A}
return a
===
a = a + {A}
return a
===
a = {A} + a
return a
===
a.extend({A})
return a
===
a = [*a, *{A}]
return a
===
b = a
b += {A}
return a
===
a = a.__add__({A})
return a
===
import operator
a = operator.iadd(a, {A})
return a""",
    "fresh": """
return [[0] * n for _ in range(n)]
===
return [[0] * n] * n
===
r = []
for _ in range(n):
    r.append([0] * n)
return r
===
v = [0] * n
return [v for _ in range(n)]
===
return [[0 for _ in range(n)] for _ in range(n)]
===
return [list([0] * n) for _ in range(n)]
===
v = [0] * n
return [v[:] for _ in range(n)]
===
v = [0] * n
return [list(v) for i in range(n)]""",
    "shared": """
x = []
o.x = x
o.y = x
return x
===
o.x = []
o.y = []
return []
===
o.x = o.y = []
return o.x
===
o.x = o.y = x = []
return x
===
x = []
o.x = x
o.y = []
return x
===
x = []
o.y = x
o.x = x
return x
===
x = y = []
o.x = x
o.y = y
return y""",
    "accumulate-order": """
r = []
t = 0
for x in {XS}:
    t += x
    r.append(t)
return r
===
r = []
t = 0
for x in {XS}:
    r.append(t)
    t += x
return r
===
r = []
t = 0
for x in {XS}:
    t = t + x
    r.append(t)
return r
===
import itertools
return list(itertools.accumulate({XS}))
===
v = list({XS})
return [sum(v[:i + 1]) for i in range(len(v))]
===
r = []
for x in {XS}:
    r.append(x + r[-1] if r else x)
return r
===
r = []
t = 0
for x in {XS}:
    t = x + t
    r.append(t)
return r""",
    "two-loops": """
p = []
q = []
for x in {XS}:
    p.append(x)
    q.append({E})
return p, q
===
p = [x for x in {XS}]
q = [{E} for x in {XS}]
return p, q
===
v = list({XS})
return [x for x in v], [{E} for x in v]
===
v = list({XS})
return v, [{E} for x in v]
===
p = []
for x in {XS}:
    p.append(x)
q = []
for x in p:
    q.append({E})
return p, q
===
p = list({XS})
q = list(map(lambda x: {E}, p))
return p, q
===
q = [{E} for x in {XS}]
p = [x for x in {XS}]
return p, q""",
    "hoisting": """
r = []
for x in {XS}:
    r.append(g(x, {A}))
return r
===
v = {A}
r = []
for x in {XS}:
    r.append(g(x, v))
return r
===
v = {A}
return [g(x, v) for x in {XS}]
===
return [g(x, {A}) for x in {XS}]
===
r = []
v = None
for x in {XS}:
    if v is None:
        v = {A}
    r.append(g(x, v))
return r
===
w = {XS}
v = {A}
return [g(x, v) for x in w]""",
    "walrus": """
if (v := {A}):
    {S}
    return v
return b
===
v = {A}
if v:
    {S}
    return v
return b
===
if {A}:
    {S}
    return {A}
return b
===
v = {A}
if v is not None:
    {S}
    return v
return b
===
v = {A}
if not v:
    return b
{S}
return v
===
return ({A}) or b""",
    "imports": """
import os
return os.path.join(a, b)
===
from os.path import join
return join(a, b)
===
from os import path
return path.join(a, b)
===
import os.path as p
return p.join(a, b)
===
from posixpath import join
return join(a, b)
===
import os.path
return os.path.join(a, b)""",
    "helper": """
return h({A}) + 1
===
return {A} + 1 + 1
===
x = {A}
return (x + 1) + 1
===
return h(h({A}))
===
return {A} + 2
===
v = {A}
return h(v) + 1
===
return 1 + h({A})
===
return h({A} + 1)""",
    "constants": """
return a + LIMIT
===
return a + 10
===
limit = LIMIT
return a + limit
===
global LIMIT
LIMIT = 10
return a + LIMIT
===
return LIMIT + a
===
{S}
return a + LIMIT""",
    "deletion": """
v = {A}
{S}
del v
return a
===
v = {A}
{S}
return a
===
{A}
{S}
return a
===
{S}
v = {A}
return a
===
{S}
return a""",
    "sets": """
r = set()
for x in {XS}:
    r.add({E})
return r
===
return {{{E} for x in {XS}}}
===
return set({E} for x in {XS})
===
return set([{E} for x in {XS}])
===
r = set()
for x in {XS}:
    r |= {{{E}}}
return r
===
r = []
for x in {XS}:
    v = {E}
    if v not in r:
        r.append(v)
return set(r)
===
return frozenset({E} for x in {XS})""",
    "unique": """
r = []
for x in {XS}:
    if x not in r:
        r.append(x)
return r
===
return list(dict.fromkeys({XS}))
===
return list(set({XS}))
===
seen = set()
r = []
for x in {XS}:
    if x not in seen:
        seen.add(x)
        r.append(x)
return r
===
seen = set()
r = []
for x in {XS}:
    if x in seen:
        continue
    r.append(x)
    seen.add(x)
return r
===
seen = []
r = []
for x in {XS}:
    if x not in seen:
        seen.append(x)
        r.append(x)
return r
===
r = []
for x in {XS}:
    if not any(x == y for y in r):
        r.append(x)
return r""",
}

CONTEXTS = [
    "{BODY}", "{BODY}", "{BODY}", "{BODY}",
    "try:\n    {BODY}\nexcept ValueError:\n    return -1",
    "try:\n    {BODY}\nfinally:\n    g(a)",
    "if c:\n    {BODY}\nreturn None",
    "for y in ys:\n    {BODY}\nreturn 5",
    "with c:\n    {BODY}",
    "r = 1\n{BODY}",
    "try:\n    {BODY}\nexcept KeyError as e:\n    return e.args",
]

PARAMETERS = ["a", "b", "c", "n", "s", "xs", "ys", "d", "k", "o", "f", "g"]
ANNOTATIONS = [
    {}, {}, {},
    {"a": "int", "b": "int", "c": "int", "n": "int", "s": "str", "xs": "list[int]", "ys": "list[int]"},
    {"a": "int", "b": "int", "n": "int", "xs": "list", "d": "dict", "s": "str"},
    {"a": "float", "b": "float", "c": "float", "n": "int", "xs": "list[float]", "d": "dict[str, int]", "k": "str"},
    {"a": "str", "b": "str", "s": "str", "n": "int", "xs": "list[str]", "ys": "list[str]"},
    {"a": "bool", "b": "int", "n": "int", "xs": "tuple[int, ...]", "ys": "set[int]"},
]
PREAMBLE = "import os\nimport math\nfrom lib import thing\nLIMIT = 10\ndef h(x):\n    return x + 1\n"


def indented(text, depth=1):
    return "\n".join("    " * depth + line for line in text.split("\n"))


def function(name, text, context, annotations):
    """The text of a function around a member of a family."""
    lines = context.split("\n")
    body = "\n".join(indented(text, (len(line) - len(line.lstrip())) // 4) if line.strip() == "{BODY}" else line
                     for line in lines)
    parameters = ", ".join(item + (": " + annotations[item] if item in annotations else "") for item in PARAMETERS)
    return "def %s(%s):\n%s" % (name, parameters, indented(body))


def module(seed, number, count=40):
    """A module of functions and for each a relative: a pair of (module, mutants)."""
    rng = randoms.Random(seed_of(seed, "families", number))
    olds, news, kinds = [], [], []
    while len(olds) < count:
        family = rng.choice(list(FAMILIES))
        members = FAMILIES[family].strip("\n").split("\n===\n")
        one, other = rng.sample(members, 2)
        holes = {name: rng.choice(choices) for name, choices in HOLES.items()}
        name = "f%d" % len(olds)
        context, annotations = rng.choice(CONTEXTS), rng.choice(ANNOTATIONS)
        try:
            texts = [function(name, member.format(F=name, **holes), context, annotations) for member in (one, other)]
            trees = [ast.parse(text).body[0] for text in texts]
            for tree in trees:
                compile(ast.Module([tree], []), "family", "exec", dont_inherit=True)
        except SyntaxError:
            continue
        if ast.dump(trees[0]) != ast.dump(trees[1]):
            olds.append(trees[0])
            news.append(trees[1])
            kinds.append(family)
    tree = ast.parse(PREAMBLE)
    tree.body += olds
    tree = ast.parse(ast.unparse(tree))
    made = Module("families %d" % number, tree)
    nodes = tree.body[-len(olds):]
    made.functions = [Function(node.name, node) for node in nodes]
    return [Mutant(made, item, kind, new) for item, kind, new in zip(made.functions, kinds, news)]
