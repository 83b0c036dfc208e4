"""What stands behind each "what is this?" of the Memory page: the table, put together. No Qt."""

from __future__ import annotations

from playground.contract.cell_description import Words
from playground.ui.panels.memory_words import DEFINITIONS as ONE_SEQUENCE
from playground.ui.panels.memory_words import Definition

LABORATORY: dict[str, Definition] = {
    "influence": Definition(
        "Influence",
        Words(
            "Put another event in the place of the one at timestep t, leave all others as they are, and see how much "
            "the answer at the end changes: averaged over everything that could have come in there.",
            "The change of the output distribution at the last timestep when x(t) is replaced, averaged over "
            "replacements.",
        ),
        Words(
            "mean over other events of ½ · Σ | P(answer) − P(answer with another event at t) |",
            "mean over r of ½ Σₖ | Pₖ(T) − Pₖ(T | x(t) := r) |      (total variation; for numbers: mean | y − y′ |)",
        ),
        Words(
            "0 %: the answer does not depend on what came in here. 100 %: it depends on nothing else. Not a gradient: "
            "whole events are replaced, so it also sees what a network has latched onto. In long sequences only some "
            "of the other events are tried.",
            "0: the output ignores x(t). A finite difference, not a derivative: it sees attractors, too. At most 16 "
            "replacements, fewer in sequences of over 128 timesteps.",
        ),
        "Occlusion of whole inputs, as in Zeiler and Fergus 2014; every replacement is really read",
    ),
    "loss_gradient": Definition(
        "Gradient through time",
        Words(
            "Learning asks at every timestep: how would the mistake at the end change, were this memory a little "
            "different? That is the gradient. It comes from the end and goes back one timestep at a time.",
            "The norm of the gradient of the asked loss with respect to hidden and cell state at each timestep.",
        ),
        Words(
            "| ∂ loss / ∂ STM(t) |, | ∂ loss / ∂ LTM(t) |, | ∂ loss / ∂ all weights |, log scale",
            "‖∂L/∂h(t)‖, ‖∂L/∂c(t)‖, ‖∂L/∂θ‖, log scale; L: mean loss of the asked timesteps of this sequence",
        ),
        Words(
            "An update uses the gradient of all weights. If that is longer than the clip norm, it is shortened to it "
            "and keeps its direction. It vanishes, too, when a network has learned: then there is nothing left to "
            "mend. In training the mean over a whole batch is clipped, not this one sequence.",
            "If ‖∂L/∂θ‖ > clip, the update scales by clip / ‖∂L/∂θ‖. It vanishes at a minimum. In training θ's "
            "gradient is that of a whole batch, not of this sequence.",
        ),
        "Pascanu, Mikolov and Bengio 2013, section 3.2 (clipping by norm)",
    ),
    "fan": Definition(
        "How long does it last?",
        Words(
            "The same experiment is begun from many seeds: other first weights, other training sequences. Each network "
            "is trained in the background and then asked fresh sequences at every length.",
            "Independent runs from different seeds, each tested on the same held-out sequences at each distance.",
        ),
        Words(
            "line: the middle seed · band: all seeds, darker: the middle half · dot: one network",
            "line: median over seeds · band: minimum to maximum, darker: quartiles · dot: one network",
        ),
        Words(
            "One seed is an anecdote. Training ends early when 97 % of the answers of 30 updates in a row were right, "
            "so that a point is about what can be learned, not about how long one waits.",
            "Early stopping: 97 % of the training answers of 30 consecutive updates.",
        ),
        "Seeds as in Henderson et al. 2018: report all of them, not the best",
    ),
    "change_times": Definition(
        "Short against long",
        Words(
            "How long does a unit stay as it is? Each memory of the unit is compared with itself some timesteps later; "
            "the time after which they are alike by no more than 37 % is drawn.",
            "The autocorrelation time of each unit's hidden and cell state over held-out sequences.",
        ),
        Words(
            "first k at which  r(k) = mean (x(t) − m)(x(t+k) − m) ÷ mean (x(t) − m)²  falls to 1/e",
            "min k with r(k) ≤ 1/e,  r(k) = E[(x(t) − m)(x(t+k) − m)] / Var x",
        ),
        Words(
            "On the diagonal both memories change equally fast. Above it the long-term memory is the slower one: it "
            "holds what the short-term memory shows only now and then.",
            "Above the diagonal the cell state is slower than the hidden state.",
        ),
        "Autocorrelation time as in time-series analysis; 1/e as for an exponential",
    ),
    "facts": Definition(
        "What does a unit know?",
        Words(
            "The task knows facts about every timestep. A unit that rises and falls with a fact knows it: their "
            "correlation over 500 fresh sequences says how closely.",
            "Pearson's correlation of every unit's states and gates with labels of each timestep.",
        ),
        Words(
            "r = mean (unit − its mean)(fact − its mean) ÷ (spread of the unit · spread of the fact)",
            "r = cov(x, y) / (σ(x) σ(y)), over all timesteps of all sequences",
        ),
        Words(
            "+1: always together; −1: always against each other; 0: no straight line between them. A fact may also be "
            "spread over many units: then no single one shows it.",
            "Linear and per unit: a distributed code shows in none of them.",
        ),
        "As in Karpathy, Johnson and Fei-Fei 2015, with labels instead of eyes",
    ),
    "bias": Definition(
        "What a bias alone gives",
        Words(
            "With all weights at zero the forget gate is σ(bias), always. Then half of a unit's long-term memory is "
            "gone after this many timesteps.",
            "The half-life of the cell state under a constant forget gate σ(b).",
        ),
        Words(
            "ln ½ ÷ ln σ(bias):  0 → 1.0,  1 → 2.2,  2 → 5.5,  3 → 14,  5 → 103 timesteps",
            "ln ½ / ln σ(b):  0 → 1.0,  1 → 2.2,  2 → 5.5,  3 → 14,  5 → 103",
        ),
        Words(
            "Where training begins, not where it ends: the bars show what the gates learned.",
            "An initialisation; the bars are measured.",
        ),
        "Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015",
    ),
}

DEFINITIONS = ONE_SEQUENCE | LABORATORY
"""By key: what stands behind each "what is this?"."""
