// Tests of Normalization.
