extension Language {
  package static let python = Language(
    name: "Python", grammar: "python", extensions: ["py", "pyi", "pyw"], interpreters: ["python", "pypy"],
    rules: PythonUnits())
}
