// Tests of Checking.
