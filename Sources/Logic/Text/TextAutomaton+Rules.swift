extension TextAutomaton {
  /// The grammar that decoders are held to: `Grammar.swift` without `switch`, `class`, `def` and slices outside an
  /// index, and with the printer's line ends and indentation made exact.
  ///
  /// One nonterminal a line. `'x'` is a token, a word in capitals a class of tokens, an empty alternative nothing. The
  /// alternatives after `+` are closed while the stack is high; `@` stands for nothing but keeps its place on the stack,
  /// so that long chains and right-recursive forms are bounded by the same limit. Where two alternatives could start
  /// with one token the earlier wins; `~` marks the ones that give way.
  static let rules = """
    text = head NL notes begin | 'def' MODULE path NL begin
    head = 'function' star path '(' p0 | 'async' 'function' star path '(' p0
    star = '*' |
    path = N dotted | STRING
    dotted = '.' W dotted |
    p0 = N phint pdef p0c | '/' p1c | '*' pstar | '**' N phint ')' | ')'
    p0c = ',' p0 | ')'
    p1 = N phint pdef p1c | '*' pstar | '**' N phint ')' | ')'
    p1c = ',' p1 | ')'
    pstar = N phint p2c | ',' p2
    p2 = N phint pdef p2c | '**' N phint ')' | ')'
    p2c = ',' p2 | ')'
    phint = ':' hint |
    pdef = '=' expr |
    hint = hitem hmore
    hmore = '|' hitem hmore |
    hitem = N dotted | 'None' | STRING | HLIST hl | HDICT hd | HTUPLE ht
    hl = + '[' hint ']' |
    hd = + '[' hint ',' hint ']' |
    ht = + '[' ht0 |
    ht0 = ']' | hint ht1
    ht1 = ']' | ',' ht2
    ht2 = '...' ']' | hint ht3
    ht3 = ']' | ',' hint ht3
    notes = COST cost NL raises | RAISES raise NL notes |
    raises = RAISES raise NL raises |
    raise = postf WHEN disj
    cost = BIGO '(' bound ')' sizes
    bound = N bound | INT bound | '^' bound | PM bound | '*' bound | + '(' bound ')' bound |
    sizes = 'where' size |
    size = N '=' disj sizec
    sizec = ',' size |
    body = stmt NL body |
    begin = stmt NL body |
    stmt = N t | '::' W t | '^' W t | '$' W t | '?' W u | '!' W u | IMPORTED u | 'local' N t | jump | block
    jump = 'do' done | 'yield' yielded | 'await' postf | 'del' place | 'break' | 'continue' | exits
    done = + '(' pin d0 | ~ expr
    d0 = + '.' W d1 @ | + '[' idx d1 @ | + '(' args d0 @ | pow tail
    d1 = + '.' W d1 @ | + '[' idx d1 @ | + '(' args d0 @ | '=' rhs | AUGMENT expr | pow tail
    exits = 'return' maybe | 'raise' maybe from | 'assert' expr message
    block = + 'if' expr 'then' NL begin if | + 'while' expr 'do' NL begin loop | + 'try' NL begin except | + loops
    loops = + 'for' ft0 expr 'do' NL begin loop | + 'with' expr as 'do' NL begin 'end' | + 'async' async
    async = 'for' ft0 expr 'do' NL begin loop | 'with' expr as 'do' NL begin 'end'
    if = + 'elif' expr 'then' NL begin if @ | 'else' NL begin 'end' | 'end'
    loop = 'else' NL begin 'end' | 'end'
    except = 'except' caught 'do' NL begin except | 'else' NL begin finally | 'finally' NL begin 'end' | 'end'
    finally = 'finally' NL begin 'end' | 'end'
    caught = 'as' place | expr as |
    as = 'as' place |
    place = N w | '::' W w | '^' W w | '$' W w | 'local' N w | + '(' pin w0
    w0 = '.' W w | '[' idx w
    maybe = 'nothing' | expr
    from = 'from' expr |
    message = ',' expr |
    yielded = 'nothing' | 'from' expr @ | expr @
    w = + '.' W w @ | + '[' idx w @ |
    t = + '.' W t @ | + '[' idx t @ | + '(' args u @ | '=' rhs | AUGMENT expr | ',' tl |
    u = + '.' W t @ | + '[' idx t @ | + '(' args u @ |
    tl = '=' rhs | '*' N t2s | N t2 | '::' W t2 | '^' W t2 | '$' W t2 | + '(' ptg t2c
    t2 = + '.' W t2 @ | + '[' idx t2 @ | + '(' args u2 @ | ',' tl | '=' rhs
    u2 = '.' W t2 | '[' idx t2
    t2c = ',' tl | '=' rhs
    t2s = + '.' W t2s @ | ',' tls | '=' rhs
    tls = '=' rhs | N t2s
    ptg = N ptt | + '(' ptg ptc
    ptt = + '.' W ptt @ | + '[' idx ptt @ | ',' ptn | ')'
    ptc = ',' ptn | ')'
    ptn = ')' | N ptt | + '(' ptg ptc
    rhs = N a | FOLD af | COUNT ac | FIRST ai | MEASURE am | '::' W a | '^' W a | '$' W a | exprz
    a = + '.' W a @ | + '[' idx a @ | + '(' args b @ | '=' rhs | pow tail
    b = + '.' W a @ | + '[' idx a @ | + '(' args b @ | pow tail
    af = + 'of' fold @ | a
    ac = + 'of' each @ | a
    ai = + 'of' first @ | a
    am = + 'of' postf @ tail | a
    fold = disj 'for' each
    first = disj 'for' each 'else' expr
    each = ft0 disj wheres
    wheres = 'where' disj wheres |
    ft0 = '*' N fts | N ft | '::' W ft | '^' W ft | '$' W ft | + '(' ptg ftc
    ft = + '.' W ft @ | + '[' idx ft @ | + '(' args fu @ | ',' fl | 'in'
    fu = '.' W ft | '[' idx ft
    ftc = ',' fl | 'in'
    fl = 'in' | '*' N fts | N ft | '::' W ft | '^' W ft | '$' W ft | + '(' ptg ftc
    fts = ',' fls | 'in'
    fls = 'in' | N fts
    expr = N n | FOLD ef | COUNT ec | FIRST ei | MEASURE em | exprs
    exprs = '::' W n | '^' W n | '$' W n | exprz
    exprz = + 'if' expr 'then' expr 'else' expr @ | + 'lambda' '(' p0 ':' expr @ | + 'yield' yielded @ | exprn
    exprn = + 'not' disj @ | opery tail
    n = trail pow tail
    ef = + 'of' fold @ | n
    ec = + 'of' each @ | n
    ei = + 'of' first @ | n
    em = + 'of' postf @ tail | n
    disj = + 'not' disj @ | MEASURE em | N n | '::' W n | '^' W n | '$' W n | opery tail
    oper = MEASURE om | N trail pow | '::' W trail pow | '^' W trail pow | '$' W trail pow | opery
    om = + 'of' postf @ | trail pow
    opery = + PM oper @ | + '~' oper @ | 'await' postf | prim trail pow | INT pow | FLOAT pow
    postf = N trail | '::' W trail | '^' W trail | '$' W trail | prim trail
    trail = + '.' W trail @ | + '[' idx trail @ | + '(' args trail @ |
    pow = + '**' oper @ |
    tail = + 'and' disj @ | + 'or' disj @ | + op oper tail @ | + 'in' oper tail @ | + 'is' is tail @ | + 'not' 'in' oper tail @ |
    is = 'not' oper | oper
    op = OPERATOR | PM | '*' | '|' | '/'
    prim = '?' W | '!' W | IMPORTED | 'local' N | CONSTANT | 'None' | '...' | STRING | BYTES | + FORMAT ftext | import | bracket | closure
    import = 'import' '(' ipath
    ipath = 'as' path ')' | path ifrom
    ifrom = ')' | 'from' path ')'
    closure = + 'function' star path '(' p0 NL begin 'end' | + 'async' 'function' star path '(' p0 NL begin 'end'
    bracket = + '(' pin | + '[' lin | + '{' din
    idx = ':' s1 | '*' expr ',' i2 | expr i1
    i1 = ':' s1 | ',' i2 | ']'
    s1 = ':' s2 | ',' i2 | ']' | expr s1b
    s1b = ':' s2 | ',' i2 | ']'
    s2 = ',' i2 | ']' | expr s3
    s3 = ',' i2 | ']'
    i2 = ']' | ':' s1 | '*' expr s3 | expr i1
    args = ')' | arg argc
    argc = ',' args | ')'
    arg = '*' expr | '**' expr | N an | FOLD gf | COUNT gc | FIRST gi | MEASURE gm | exprs
    an = '=' expr | n
    gf = '=' expr | ef
    gc = '=' expr | ec
    gi = '=' expr | ei
    gm = '=' expr | em
    pin = ')' | '*' expr ',' tup | N pn | FOLD pf | COUNT pc | FIRST pi | MEASURE pm | exprs pend
    pn = ':=' expr ')' | n pend
    pf = ':=' expr ')' | ef pend
    pc = ':=' expr ')' | ec pend
    pi = ':=' expr ')' | ei pend
    pm = ':=' expr ')' | em pend
    pend = ')' | ',' tup | 'for' ft0 disj pmore
    pmore = 'where' disj pmore | 'for' ft0 disj pmore | ')'
    tup = ')' | el tupc
    tupc = ',' tup | ')'
    el = '*' expr | expr
    lin = ']' | '*' expr lic | expr lend
    lend = ']' | ',' li | 'for' ft0 disj lmore
    lmore = 'where' disj lmore | 'for' ft0 disj lmore | ']'
    li = ']' | el lic
    lic = ',' li | ']'
    din = '}' | '**' expr dc | '*' expr sc | expr dend
    dend = ':' expr dval | ',' si | '}' | 'for' ft0 disj dmore
    dval = ',' di | '}' | 'for' ft0 disj dmore
    dmore = 'where' disj dmore | 'for' ft0 disj dmore | '}'
    di = '}' | '**' expr dc | expr ':' expr dc
    dc = ',' di | '}'
    si = '}' | el sc
    sc = ',' si | '}'
    ftext = FORMATEND | FORMATOPEN disj fconv
    fconv = '!' CONVERSION fcolon | fcolon
    fcolon = ':' fspec ftext | '}' ftext
    fspec = SPECEND | SPECOPEN disj sconv
    sconv = '!' CONVERSION scolon | scolon
    scolon = '}' fspec | ':' fspec fspec
    """

  /// Words that are tokens of their own only where the rules ask for one, and names elsewhere.
  static let contextual: [String: String] = [
    "sum": "FOLD", "any": "FOLD", "all": "FOLD", "count": "COUNT", "first": "FIRST", "length": "MEASURE",
    "maximum": "MEASURE", "minimum": "MEASURE", "list": "HLIST", "set": "HLIST", "frozenset": "HLIST",
    "iterable": "HLIST", "dict": "HDICT", "tuple": "HTUPLE", "cost": "COST", "raises": "RAISES", "when": "WHEN",
    "O": "BIGO", "module": "MODULE", "r": "CONVERSION", "s": "CONVERSION", "a": "CONVERSION",
  ]

  /// Keywords and symbols that the rules treat alike.
  static let classes: [String: [String]] = [
    "CONSTANT": ["True", "False", "NotImplemented"],
    "PM": ["+", "-"],
    "OPERATOR": ["//", "%", "<<", ">>", "&", "<", "<=", ">", ">=", "==", "!=", "xor", "matmul"],
    "AUGMENT": ["+=", "-=", "*=", "@=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^="],
  ]

  /// One spelling of each class, for completions.
  static let samples: [String: String] = [
    "N": "x", "W": "x", "STRING": "\"\"", "BYTES": "b\"\"", "INT": "0", "FLOAT": "0.0", "IMPORTED": "@x",
    "CONSTANT": "True", "PM": "+", "OPERATOR": "==", "AUGMENT": "+=", "FOLD": "sum", "COUNT": "count",
    "FIRST": "first", "MEASURE": "length", "HLIST": "list", "HDICT": "dict", "HTUPLE": "tuple", "COST": "cost",
    "RAISES": "raises", "WHEN": "when", "BIGO": "O", "CONVERSION": "r", "FORMAT": "f\"", "FORMATEND": "\"",
    "FORMATOPEN": "{", "SPECEND": "}", "SPECOPEN": "{", "MODULE": "module",
  ]
}
