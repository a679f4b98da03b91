import Foundation
import Logic
import Lowering
import Summaries
import Syntax

// Forms for training and measuring the specialist. Reads JSON lines {"id", "source"} on standard input, or Python
// files below the folders that it is given, and writes a JSON line for each function.

let arguments = Array(CommandLine.arguments.dropFirst())
let thread = Thread { Forms(arguments: arguments).run() }
// Lowering recurses with the nesting of the source.
thread.stackSize = 512 << 20
thread.start()
while true { sleep(1_000) }
