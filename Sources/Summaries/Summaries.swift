// Summaries
