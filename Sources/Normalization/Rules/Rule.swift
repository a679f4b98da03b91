/// A named step of normalization, as `--explain` prints it.
///
/// The equations are applied by the constructors and the builder of the value graph; a rule gives one of them its name,
/// says on which code it acts, and holds examples that the tests run: pairs that it makes equal, and near misses that
/// break a precondition and must stay apart.
package struct Rule: Sendable {
  /// What the trace of a proof calls it.
  package let name: String
  /// The equation, in the notation of the source language.
  package let equation: String
  /// Pairs of sources, each with one function, that become equal by this rule.
  package let fires: [(old: String, new: String)]
  /// Pairs that look alike and differ.
  package let mustNotFire: [(old: String, new: String)]

  /// Every rule, in the order of the passes.
  package static let all: [Rule] = [
    .earlyExit, .negatedCondition, .chainedComparison, .constantOnTheRight, .tupleAssignment, .augmentedAssignment,
    .countedLoop,
    .enumerate, .comprehensionAsLoop, .quantifierAsLoop, .sumAsLoop, .itemsByIndex, .walkedSlice,
    .membershipInConstants,
    .freshContainer, .displayCall, .mapOfKeys, .defaultOfMissing, .sortedCopy, .extremumOfArguments,
    .quotientAndRemainder, .textMethod, .formatMethod, .attributeReadOnce, .askedOnce, .instanceOfAny,
    .handlerUnreachable,
    .rotatedLoop, .tailRecursion, .helperInlined,
  ]
}
