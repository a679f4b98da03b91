// Tests of Logic.
