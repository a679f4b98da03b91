import BigInt
import Logic
import Testing

/// Compiles the text of a procedure.
private func compile(_ text: String) throws -> CompiledProgram {
  Interpreter.compile(Program(try ProcedureParser.parse(text).0))
}

private func run(
  _ text: String, _ arguments: [Input] = [], world: World = World(profile: .calm), limits: Limits = Limits()
) throws -> Execution {
  Interpreter.run(try compile(text), arguments: arguments, world: world, limits: limits)
}

@Suite("Running procedures")
struct InterpreterTests {
  @Test("a loop over integers passes from machine words to unbounded integers")
  func integers() throws {
    let text = """
      function f(n)
        r = 1
        i = 1
        while i <= n do
          r = r * i
          i = i + 1
        end
        return r
      """
    #expect(try run(text, [.int(5)]).outcome == .returned(.int(120)))
    #expect(try run(text, [.int(25)]).outcome == .returned(.int(BigInt("15511210043330985984000000"))))
  }

  @Test("a list that is returned is told from its copy")
  func identity() throws {
    let same = try run("function f(a)\n  return a", [.list([.int(1)])])
    let copy = try run("function f(a)\n  return a[:]", [.list([.int(1)])])
    #expect(same.outcome != copy.outcome)
    #expect(same.outcome.description == copy.outcome.description)
  }

  @Test("arguments can be one object")
  func aliases() throws {
    let text = "function f(a, b)\n  a.append(1)\n  return len(b)"
    #expect(try run(text, [.list([]), .list([])]).outcome == .returned(.int(0)))
    #expect(try run(text, [.list([]), .alias(of: 0)]).outcome == .returned(.int(1)))
  }

  @Test("a change of an argument is observed")
  func mutation() throws {
    let execution = try run("function f(a)\n  a.append(2)\n  return None", [.list([.int(1)])])
    #expect(execution.observation.arguments.map(\.description) == ["[1, 2]"])
  }

  @Test("membership tests identity first, so a NaN is in its own list")
  func notANumber() throws {
    let text = "function f(x)\n  return (x in [x], x == x)"
    #expect(try run(text, [.float(.nan)]).outcome.description == "returns (True, False)")
  }

  @Test("a sum of floats is marked, since versions of the language differ in it")
  func versions() throws {
    let text = "function f(a)\n  return sum(a)"
    #expect(try run(text, [.list([.float(0.1), .float(0.2)])]).versionDependent)
    #expect(try run(text, [.list([.int(1), .int(2)])]).versionDependent == false)
  }

  @Test("the order of a set of strings is marked where it shows")
  func setOrder() throws {
    let strings = Input.set([.string("a"), .string("b")])
    #expect(try run("function f(a)\n  return list(a)", [strings]).orderDependent)
    #expect(try run("function f(a)\n  return len(a)", [strings]).orderDependent == false)
    #expect(try run("function f(a)\n  return list(a)", [.set([.int(1), .int(2)])]).orderDependent == false)
  }

  @Test("decisions record both of their ways")
  func coverage() throws {
    let program = try compile(
      """
      function f(a)
        if a > 0 then
          return 1
        end
        return 2
      """)
    #expect(program.decisions.count == 1)
    #expect(Interpreter.run(program, arguments: [.int(1)]).branches == [0])
    #expect(Interpreter.run(program, arguments: [.int(-1)]).branches == [1])
  }

  @Test("an omitted argument takes its default")
  func defaults() throws {
    let text = "function f(a, b = [1])\n  b.append(a)\n  return b"
    #expect(try run(text, [.int(2), .omitted]).outcome.description == "returns [1, 2]")
    #expect(try run(text, [.int(2), .list([])]).outcome.description == "returns [2]")
  }

  @Test("a raised exception tells its arguments, an implicit one its type")
  func exceptions() throws {
    let explicit = try run("function f(a)\n  raise ValueError(a)", [.int(1)]).outcome
    #expect(explicit == .raised(.exception(type: "ValueError", arguments: [.int(1)], cause: nil)))
    let implicit = try run("function f(a)\n  return 1 // a", [.int(0)]).outcome
    #expect(implicit == .raised(.exception(type: "ZeroDivisionError", arguments: nil, cause: nil)))
  }
}

@Suite("Limits of a run")
struct InterpreterLimitTests {
  @Test("a loop without end runs out of steps")
  func fuel() throws {
    let execution = try run("function f()\n  while True do\n    x = 1\n  end", limits: Limits(steps: 5_000))
    #expect(execution.outcome == .stopped(.fuel))
    #expect(execution.steps >= 5_000)
  }

  @Test("recursion without end stops before the native stack does")
  func depth() throws {
    let text = """
      function f(n)
        g = function g(k)
          return ^g(k + 1)
        end
        return g(n)
      """
    #expect(try run(text, [.int(0)]).outcome == .stopped(.depth))
  }

  @Test(
    "sizes are refused before they are allocated",
    arguments: ["[0] * 10 ** 12", #""ab" * 10 ** 15"#, "2 ** 10 ** 10", "1 << 10 ** 12", #""a".center(10 ** 15)"#])
  func memory(expression: String) throws {
    #expect(try run("function f()\n  return \(expression)").outcome.isStopped)
  }

  @Test(
    "data nested without end stops comparisons, hashes and iterators",
    arguments: [
      ("t = (t,)", "t == u"), ("t = (t,)", "hash(t)"), ("t = [t]", "repr(t)"), ("t = map(len, t)", "list(t)"),
      ("t = iter(zip(t))", "next(t)"), ("t = (t,)", "isinstance(1, t)"), ("t = [t]", "t"),
    ])
  func nesting(step: String, use: String) throws {
    let text = """
      function f()
        t = ()
        u = ()
        i = 0
        while i < 50000 do
          \(step)
          u = (u,)
          i = i + 1
        end
        return \(use)
      """
    let outcome = try run(text, limits: Limits(steps: 10_000_000)).outcome
    guard case .returned = outcome else { return }
    #expect(use == "next(t)", "\(outcome)")
  }

  @Test("generated procedures end in an outcome, the same one each time", arguments: 0..<6)
  func generated(batch: UInt64) {
    for seed in (batch * 60)..<(batch * 60 + 60) {
      var generator = ProcedureGenerator(seed: seed)
      let procedure = generator.procedure(depth: 3)
      let program = Interpreter.compile(Program(procedure))
      let world = World(seed: seed, profile: Profile(reading: [procedure]))
      let inputs: [Input] = procedure.parameters.enumerated().map { index, parameter in
        switch parameter.kind {
        case .variadic: .tuple([.int(1)])
        case .variadicKeyword: .dictionary([])
        default: index % 2 == 0 ? .opaque(parameter.name) : .list([.int(0), .opaque("x")])
        }
      }
      let limits = Limits(steps: 20_000)
      let first = Interpreter.run(program, arguments: inputs, world: world, limits: limits)
      let second = Interpreter.run(program, arguments: inputs, world: world, limits: limits)
      #expect(first.observation == second.observation, "seed \(seed)")
      #expect(first.steps == second.steps, "seed \(seed)")
    }
  }
}

@Suite("Worlds of unknown answers")
struct WorldTests {
  @Test("two versions that ask alike get the same answers, however they hold them", arguments: 0..<40)
  func sameWorld(seed: UInt64) throws {
    let direct = """
      function f(self, x)
        if self.limit > x then
          self.count = ::measure(self.items[0], x)
        end
        return self.count
      """
    let stepwise = """
      function f(self, x)
        a = self.limit
        if a > x then
          b = self.items
          c = b[0]
          d = ::measure(c, x)
          self.count = d
        end
        e = self.count
        return e
      """
    let inputs: [Input] = [.opaque("self"), .opaque("x")]
    let world = World(seed: seed)
    let first = try run(direct, inputs, world: world)
    let second = try run(stepwise, inputs, world: world)
    #expect(first.observation == second.observation)
  }

  @Test("an attribute that is stored is read back")
  func stores() throws {
    let text = "function f(self)\n  self.count = 3\n  return self.count + 1"
    let execution = try run(text, [.opaque("self")])
    #expect(execution.outcome == .returned(.int(4)))
    #expect(execution.trace.map(\.description) == ["self.count = 3"])
  }

  @Test("effects stand in their order, with the arguments as they were")
  func trace() throws {
    let text = """
      function f(self)
        a = [1]
        self.send(a)
        a.append(2)
        self.send(a)
        print("done", 3)
      """
    let events = try run(text, [.opaque("self")]).trace.map(\.description)
    #expect(events.first == "self.send([1])")
    #expect(events.contains("self.send([1, 2])"))
    #expect(events.last == "print('done', '3')")
  }

  @Test("an answer can be fixed by the text of its question")
  func overrides() throws {
    var profile = Profile.calm
    profile.overrides["self.version"] = .value(.tuple([.int(7)]))
    profile.overrides["self.fetch(1)"] = .raises("KeyError")
    let world = World(profile: profile)
    let read = try run("function f(self)\n  return self.version[0]", [.opaque("self")], world: world)
    #expect(read.outcome == .returned(.int(7)))
    #expect(read.consulted.map(\.description) == ["self.version = (7,)"])
    let call = try run("function f(self)\n  return self.fetch(1)", [.opaque("self")], world: world)
    #expect(call.outcome == .raised(.exception(type: "KeyError", arguments: nil, cause: nil)))
  }

  @Test("some worlds raise from unknown calls, others change what is reachable, others call back")
  func variety() throws {
    let text = """
      function f(self)
        before = self.x
        self.run(lambda (k): k)
        return before is self.x
      """
    let program = try compile(text)
    var raised = 0
    var changed = 0
    var called = 0
    for seed in 0..<200 as Range<UInt64> {
      var world = World(seed: seed)
      world.profile.weights = [.opaque: 1]
      let execution = Interpreter.run(program, arguments: [.opaque("self")], world: world)
      if case .raised = execution.outcome { raised += 1 }
      if execution.outcome == .returned(.bool(false)) { changed += 1 }
      if execution.trace.contains(where: { if case .callback = $0 { true } else { false } }) { called += 1 }
    }
    #expect(raised > 0)
    #expect(changed > 0)
    #expect(called > 0)
  }

  @Test("reading, comparing and measuring the unknown are no effects")
  func quiet() throws {
    let text = "function f(x)\n  return (x.a == x.b, len(x), x < 3, x in x.c, not x)"
    #expect(try run(text, [.opaque("x")]).trace.isEmpty)
  }

  @Test("what is unknown may be equal to nothing, not even to itself, but is itself")
  func identity() throws {
    #expect(try run("function f(x)\n  return x.a is x.a", [.opaque("x")]).outcome == .returned(.bool(true)))
  }

  @Test("each item of an unknown iterable is an effect")
  func iteration() throws {
    var profile = Profile.calm
    profile.overrides["len(list(x))"] = .value(.int(2))
    let text = "function f(x)\n  for i in x do\n    print(1)\n  end"
    let events = try run(text, [.opaque("x")], world: World(profile: profile)).trace.map(\.description)
    #expect(events == ["next(x)", "print('1')", "next(x)", "print('1')", "next(x)"])
  }

  @Test("a generator is drained and a returned function is called")
  func results() throws {
    let drained = try run("function* f(a)\n  yield a\n  yield a + 1", [.int(1)]).outcome
    #expect(drained == .yielded([.int(1), .int(2)], end: .exhausted(.none)))
    let program = try compile("function f(a)\n  return lambda (k): k + ^a")
    let followed = Interpreter.run(
      program, arguments: [.int(1)], followUps: [FollowUp([.int(5)]), FollowUp([.string("x")])])
    #expect(followed.observation.followUps.map(\.description) == ["returns 6", "raises TypeError"])
  }
}
