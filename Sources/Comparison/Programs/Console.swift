import Logic
import Lowering
import Syntax

/// What a program reads from and writes to, written in the language of the program: standard input is a list of lines,
/// and what is written to standard output and to standard error is put on record as two texts when the program ends.
/// Nobody sees whether something was written before or after something else was read.
enum Console {
  /// Names that begin so are the console's own.
  static let prefix = "_console_"
  /// The variable that holds the lines.
  static let lines = prefix + "lines"

  /// The code, with its names not bound to anything yet.
  static let module: Procedure? = {
    guard let side = try? SideAnalysis(Array(source.utf8), language: .python, lowering: PythonLowering.self, path: "")
    else { return nil }
    guard let body = WholeProgram.body(of: side) else { return nil }
    return Rewriter(keepsLines: false) { $0 }.procedure(body)
  }()

  /// What a name of the language or of `sys` is in a program.
  static func replacement(of value: Expression) -> Expression? {
    switch value {
    case .global(.builtin(let name)): names[name].map { .captured(prefix + $0) }
    case .call(.global(.builtin("open")), let arguments):
      arguments.first?.value == .constant(.int(0)) && arguments.count == 1 ? .captured(prefix + "stdin") : nil
    default: value.importedPath.flatMap { systemNames[$0] }.map { .captured(prefix + $0) }
    }
  }

  private static let names = ["input": "input", "print": "print", "exit": "exit", "quit": "exit"]
  private static let systemNames = [
    "sys.stdin": "stdin", "sys.stdout": "stdout", "sys.stderr": "stderr", "sys.exit": "exit",
    "sys.setrecursionlimit": "nothing",
  ]

  /// Whether code uses more of the streams than they have here, or replaces them.
  static func isMore(_ value: Expression) -> Bool {
    guard case .attribute(.captured(let stream), let name) = value else { return false }
    switch stream {
    case prefix + "stdin": return !["read", "readline", "readlines"].contains(name)
    case prefix + "stdout", prefix + "stderr": return !["write", "writelines", "flush"].contains(name)
    default: return false
    }
  }

  /// Names of the interpreter that the code uses.
  static func internalName(_ name: String) -> Expression? {
    switch name {
    case prefix + "ended": .global(.builtin("$ended"))
    case prefix + "show": .global(.builtin("$show"))
    default: nil
    }
  }

  private static let source = """
    _console_next = 0
    _console_texts = []
    _console_errors = []

    def _console_readline(place=0):
        global _console_next
        if _console_next >= len(_console_lines):
            _console_ended(place)
            return ""
        _console_next += 1
        return _console_lines[_console_next - 1] + "\\n"

    def _console_input(prompt="", place=0):
        _console_texts.append(str(prompt))
        line = _console_readline(place)
        if line == "":
            _console_ended(place, True)
        return line[:-1]

    def _console_print(*values, sep=" ", end="\\n", file=None, flush=False):
        text = (" " if sep is None else sep).join([str(value) for value in values])
        text += "\\n" if end is None else end
        if file is None:
            _console_texts.append(text)
        else:
            file.write(text)

    def _console_exit(status=None):
        raise SystemExit(status)

    def _console_nothing(*values):
        return None

    class _console_Input:
        def readline(self):
            return _console_readline(-1)
        def readlines(self):
            lines = []
            while True:
                line = _console_readline(-2)
                if line == "":
                    return lines
                lines.append(line)
        def read(self):
            return "".join(self.readlines())
        def __iter__(self):
            return self
        def __next__(self):
            line = _console_readline(-3)
            if line == "":
                raise StopIteration
            return line

    class _console_Output:
        def __init__(self, texts):
            self.texts = texts
        def write(self, text):
            self.texts.append("" + text)
            return len(text)
        def writelines(self, texts):
            for text in texts:
                self.write(text)
        def flush(self):
            return None

    _console_stdin = _console_Input()
    _console_stdout = _console_Output(_console_texts)
    _console_stderr = _console_Output(_console_errors)

    def _console_run(program):
        try:
            program()
        except SystemExit as error:
            status = error.args[0] if error.args else None
            if isinstance(status, str):
                _console_errors.append(status + "\\n")
                status = 1
            if status is not None and status != 0:
                raise SystemExit(int(status)) from None
        finally:
            _console_show("".join(_console_texts), "".join(_console_errors))

    """
}
