// Tests of Summaries.
