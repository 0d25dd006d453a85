"""Who might help whom: suggestions for one person, and a round that assigns a whole pool at once.

The package knows people as numbers: rows of arrays, built by whoever knows the database, and it
answers with people's ids. Nothing here is shown to anybody; words are made elsewhere, from
`reasons`, and no score ever becomes one of them.

**The model.** Askers i and mentors j; a mentor has c_j free places. A pair is *allowed* when it
satisfies every rule: wanted and offered kind, a shared language, at least one need met, a free
place, a mentor who is not paused, not one team, not oneself, not kept apart (line managers,
declared conflicts). Each allowed pair has a whole-number score

    S_ij = methods x (share of the help needed that is offered)
         + topics  x (share of the service topics named that the mentor knows)
         + way     x (prompts on how I work agreed on - prompts differed on)
         + setting x [same setting] + format x [a format suits both]
         + organisation x [organisations differ]
         + ties     x [exactly one contact or former workplace in common]

and a round looks for x_ij in {0, 1} with, in this order of importance,

    1.  the most people matched           max  sum x_ij
    2.  the best sum of fit               max  sum (S_ij + b_i) x_ij
    subject to  sum_j x_ij <= 1,  sum_i x_ij <= c_j,  x_ij = 0 where not allowed

where b_i is the bonus of somebody left out last time. Matched comes first, but nobody is matched
for the count's sake: without a need met (`Weights.minimum`) a pair is not allowed, and a person may
be left out. The constraints are a network, so the optimum of the linear programme is whole.

**The way.**

1. *Scores are dot products* (`terms`): a block of askers against all mentors is one matrix product,
   exact in float32. Rules are tables of yes and no over the same block (`rules`, `field`).
2. *Candidates* (`candidates`): the best fifteen of each asker and of each mentor. Ties are
   broken by a circle on which everybody is seated in seeded order, so that askers with the same
   wishes do not all list the same mentors.
3. *Flow* (`flow`): maximum flow of minimum cost over the candidates, by OR-tools.
4. *Proof*: the prices of places at that optimum (the dual) say what each further pair would have to
   be worth. One more look at the whole field finds the pairs that are worth it; they join the
   candidates and the flow is solved again, until none is left. Then the assignment is the
   optimum over *all* allowed pairs, millions of which were never held in memory; `Solution.gap`
   is the proof, or how much may be missing when the looks were used up.

Everything is put in order of person first and is whole-number throughout: one pool, one seed and
one set of weights give one result, whatever the order of the rows. Stability is counted
(`Solution.blocking`), not forced: a stable matching leaves people out who could be matched.

A coffee round can use the same model: one half of the people asks, the other offers, one place
each, nothing needed, and the pairs of former rounds are `apart`.
"""

from connections.matching.people import (
    UNKNOWN,
    Format,
    Kind,
    Language,
    Mentors,
    Pool,
    Requests,
    Rule,
    Sets,
    Term,
    Weights,
)
from connections.matching.reasons import Reasons, reasons
from connections.matching.rounds import Effort, LockRefused, Progress, Solution, solve
from connections.matching.suggestions import (
    Suggestion,
    possible_each,
    suggest,
    widen,
    widen_each,
    worths,
)
from connections.matching.terms import score, total

__all__ = [
    "UNKNOWN",
    "Effort",
    "Format",
    "Kind",
    "Language",
    "LockRefused",
    "Mentors",
    "Pool",
    "Progress",
    "Reasons",
    "Requests",
    "Rule",
    "Sets",
    "Solution",
    "Suggestion",
    "Term",
    "Weights",
    "possible_each",
    "reasons",
    "score",
    "solve",
    "suggest",
    "total",
    "widen",
    "widen_each",
    "worths",
]
