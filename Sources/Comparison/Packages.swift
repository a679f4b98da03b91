/// What the standard library of Python says about modules inside packages.
enum Packages {
  /// Whether a path may be a module that is only there once something has imported it: an attribute of a package that
  /// looks like one. Of the standard library it is known (Python 3.11).
  static func mayHideModule(_ path: String) -> Bool {
    let parts = path.split(separator: ".")
    guard parts.count > 1, let last = parts.last else { return false }
    if standard.contains(String(parts[0])) { return hidden.contains(parts.prefix(2).joined(separator: ".")) }
    return last.first?.isLowercase ?? false
  }

  /// Whether it is one of the standard library.
  static func isKnown(_ path: String) -> Bool { standard.contains(String(path.prefix { $0 != "." })) }

  /// Modules that importing their package does not load.
  private static let hidden: Set<String> = [
    "asyncio.proactor_events", "asyncio.windows_events", "asyncio.windows_utils", "concurrent.futures",
    "ctypes.macholib", "ctypes.util", "ctypes.wintypes", "curses.ascii", "curses.panel", "curses.textpad",
    "dbm.dumb", "dbm.gnu", "dbm.ndbm", "email.base64mime", "email.charset", "email.contentmanager",
    "email.encoders", "email.errors", "email.feedparser", "email.generator", "email.header", "email.headerregistry",
    "email.iterators", "email.message", "email.mime", "email.parser", "email.policy", "email.quoprimime",
    "email.utils", "encodings.idna", "encodings.punycode", "encodings.utf_8_sig", "html.entities", "html.parser",
    "http.client", "http.cookiejar", "http.cookies", "http.server", "importlib.abc", "importlib.machinery",
    "importlib.metadata", "importlib.readers", "importlib.resources", "importlib.simple", "importlib.util",
    "json.tool", "logging.config", "logging.handlers", "multiprocessing.connection", "multiprocessing.dummy",
    "multiprocessing.managers", "multiprocessing.pool", "multiprocessing.queues", "multiprocessing.shared_memory",
    "multiprocessing.sharedctypes", "multiprocessing.spawn", "multiprocessing.synchronize", "multiprocessing.util",
    "sqlite3.dump", "tkinter.colorchooser", "tkinter.dialog", "tkinter.filedialog", "tkinter.font",
    "tkinter.messagebox", "tkinter.scrolledtext", "tkinter.simpledialog", "tkinter.ttk", "unittest.mock",
    "urllib.error", "urllib.parse", "urllib.request", "urllib.response", "urllib.robotparser", "wsgiref.handlers",
    "wsgiref.headers", "wsgiref.simple_server", "wsgiref.types", "wsgiref.util", "wsgiref.validate", "xml.dom",
    "xml.etree", "xml.parsers", "xml.sax", "xmlrpc.client", "xmlrpc.server",
  ]

  private static let standard: Set<String> = [
    "abc", "aifc", "argparse", "array", "ast", "asynchat", "asyncio", "asyncore", "atexit", "audioop", "base64",
    "bdb", "binascii", "bisect", "builtins", "bz2", "cProfile", "calendar", "cgi", "cgitb", "chunk", "cmath", "cmd",
    "code", "codecs", "codeop", "collections", "colorsys", "compileall", "concurrent", "configparser", "contextlib",
    "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm",
    "decimal", "difflib", "dis", "distutils", "doctest", "email", "encodings", "ensurepip", "enum", "errno",
    "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools", "gc",
    "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac",
    "html", "http", "idlelib", "imaplib", "imghdr", "imp", "importlib", "inspect", "io", "ipaddress", "itertools",
    "json", "keyword", "lib2to3", "linecache", "locale", "logging", "lzma", "mailbox", "mailcap", "marshal", "math",
    "mimetypes", "mmap", "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "nt",
    "ntpath", "nturl2path", "numbers", "opcode", "operator", "optparse", "os", "ossaudiodev", "pathlib", "pdb",
    "pickle", "pickletools", "pipes", "pkgutil", "platform", "plistlib", "poplib", "posix", "posixpath", "pprint",
    "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat", "queue", "quopri",
    "random", "re", "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched", "secrets", "select",
    "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtpd", "smtplib", "sndhdr", "socket",
    "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants", "sre_parse", "ssl", "stat", "statistics",
    "string", "stringprep", "struct", "subprocess", "sunau", "symtable", "sys", "sysconfig", "syslog", "tabnanny",
    "tarfile", "telnetlib", "tempfile", "termios", "textwrap", "threading", "time", "timeit", "tkinter", "token",
    "tokenize", "tomllib", "trace", "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "types", "typing",
    "unicodedata", "unittest", "urllib", "uu", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser",
    "winreg", "winsound", "wsgiref", "xdrlib", "xml", "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
  ]
}
