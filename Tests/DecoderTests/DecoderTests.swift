// Tests of Decoder.
