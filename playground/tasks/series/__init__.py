"""Series of numbers in time: where they come from, their scaling and split, the task, and the naive forecasts."""
