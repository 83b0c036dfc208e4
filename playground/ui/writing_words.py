"""What the Generate page says: pure sentences."""

from __future__ import annotations

import math

from playground.contract.generation import GenerationSettings
from playground.tasks.text.vocabulary import named
from playground.trace.generated import Choice
from playground.ui.run_words import percent


def heading_of(update: int, title: str, settings: GenerationSettings) -> str:
    """What stands above a sample: when it was written, by whom, and how."""
    how = [f"temperature {settings.temperature:g}"]
    if settings.top_k:
        how.append(f"top {settings.top_k}")
    if settings.top_p < 1.0:
        how.append(f"top-p {settings.top_p:g}")
    when = "Before training" if update == 0 else f"Update {update:,}"
    return f"{when} · {title} · {', '.join(how)}"


def choice_sentence(choice: Choice, settings: GenerationSettings, who: str = "the network") -> str:
    """Why this character was written, by `who`."""
    drawn = int((choice.order == choice.drawn).nonzero()[0][0])
    name = f"“{named(choice.character)}”"
    given, chance = float(choice.probabilities[drawn]), float(choice.chances[drawn])
    if settings.temperature == 0:
        return f"{name} is the likeliest: {who} gave it {percent(given)}. At temperature 0 nothing is drawn."
    how = (
        ""
        if math.isclose(given, chance, abs_tol=0.005)
        else f"; made {percent(chance)} by {_changed_by(settings)}"
    )
    return (
        f"{who[:1].upper()}{who[1:]} gave {name} {percent(given)}{how}. "
        f"The number drawn, {choice.random_number:.3f}, fell between {choice.low:.3f} and {choice.high:.3f}, its share."
    )


def _changed_by(settings: GenerationSettings) -> str:
    parts = []
    if settings.temperature != 1.0:
        parts.append(f"temperature {settings.temperature:g}")
    if settings.top_k:
        parts.append(f"top {settings.top_k}")
    if settings.top_p < 1.0:
        parts.append(f"top-p {settings.top_p:g}")
    return " and ".join(parts)


def loss_words(nats: float) -> str:
    """A loss in nats a character, in bits, and as perplexity."""
    return f"{nats:.2f} nats · {nats / math.log(2):.2f} bits · perplexity {math.exp(nats):.1f}"


def unsure_words(nats: float) -> str:
    """What a loss in nats a character means: perplexity, in words."""
    return f"as unsure as between {math.exp(nats):.1f} equally likely characters"


def short_loss_words(nats: float) -> str:
    """The same where there is no room."""
    return f"{nats:.2f}"
