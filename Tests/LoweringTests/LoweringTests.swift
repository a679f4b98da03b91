// Tests of Lowering.
