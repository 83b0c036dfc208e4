"""What is learned: one module a task, and one table that lists them. numpy only."""

from __future__ import annotations

from playground.tasks.task_table import TaskLine, TaskTable

_CHARACTER = "Which character comes next?"
_VALUE = "What is the next value?"
_REBER = "Which symbol comes next: T or P?"

# fmt: off
TASKS = TaskTable((
    TaskLine("nature-show", "Nature show", "Is it a dog or a wolf?", "nature", "nature_show:NatureShow"),
    TaskLine("delayed-recall", "Delayed recall", "Who came first?", "memory", "memory_tasks.delayed_recall:DelayedRecall"),  # noqa: E501
    TaskLine("temporal-order", "Temporal order", "In which order did X and Y come?", "memory", "memory_tasks.temporal_order:TemporalOrder"),  # noqa: E501
    TaskLine("adding", "Adding", "What is the sum of the two marked numbers?", "memory", "memory_tasks.adding:Adding"),
    TaskLine("embedded-reber", "Embedded Reber grammar", _REBER, "memory", "memory_tasks.embedded_reber:EmbeddedReber"),
    TaskLine("continual-reber", "Continual Reber grammar", _REBER, "memory", "memory_tasks.continual_reber:ContinualReber"),  # noqa: E501
    TaskLine("anbn", "aⁿbⁿ", "Is it over, or is there another b to come?", "memory", "memory_tasks.anbn:AnBn"),
    TaskLine("anbncn", "aⁿbⁿcⁿ", "Is it over, or is there another letter to come?", "memory", "memory_tasks.anbncn:AnBnCn"),  # noqa: E501
    TaskLine("long-lag", "Long lag without noise", "Which symbol comes last: the one that came first?", "memory", "memory_tasks.long_lag:LongLag"),  # noqa: E501
    TaskLine("copy", "Copy memory", "Which symbols were there, in order?", "memory", "memory_tasks.copy_memory:CopyMemory"),  # noqa: E501
    TaskLine("parity", "Parity", "Is the number of ones even or odd?", "memory", "memory_tasks.parity:Parity"),
    TaskLine("echo", "Echo", "What came a few letters ago?", "memory", "memory_tasks.echo:Echo"),
    TaskLine("names", "First names", _CHARACTER, "text", "text.learned_texts:Names"),
    TaskLine("headlines", "Headlines", _CHARACTER, "text", "text.learned_texts:Headlines"),
    TaskLine("quotes-and-brackets", "Quotes and brackets", _CHARACTER, "text", "text.learned_texts:QuotesAndBrackets"),
    TaskLine("python-source", "Python source", _CHARACTER, "text", "text.learned_texts:PythonSource"),
    TaskLine("python-docs", "Python documentation", _CHARACTER, "text", "text.learned_texts:PythonDocumentation"),
    TaskLine("text", "Your own text", _CHARACTER, "text", "text.learned_texts:TextFileTask"),
    TaskLine("sine-mixture", "Two sine waves", _VALUE, "series", "series.learned_series:SineMixture"),
    TaskLine("electricity-england-wales", "Electricity, England and Wales", _VALUE, "series", "series.learned_series:EnglandWales"),  # noqa: E501
    TaskLine("electricity-portugal", "Electricity, Portugal", _VALUE, "series", "series.learned_series:Portugal"),
    TaskLine("shares", "Share prices", _VALUE, "series", "series.learned_series:Shares"),
    TaskLine("seattle-weather", "Weather in Seattle", _VALUE, "series", "series.learned_series:SeattleWeather"),
    TaskLine("sunspots", "Sunspots", _VALUE, "series", "series.learned_series:Sunspots"),
    TaskLine("series", "Your own series", _VALUE, "series", "series.learned_series:SeriesFile"),
))
# fmt: on
"""The class of every task by its name on the command line, in the order in which tasks are offered.

`TASKS[name](settings)` is a Task, with None one whose settings are all at their defaults; `settings_type` says what
its settings are. A line repeats what its class says: so tasks are offered without being imported."""

__all__ = ["TASKS"]
