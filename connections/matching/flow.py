"""The best assignment over given pairs, and the prices that prove it."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from connections.matching.candidates import Arcs
from connections.matching.people import UNKNOWN, Ints


def assign(arcs: Arcs, free: Ints, bonus: Ints, seats: tuple[Ints, Ints]) -> Ints:
    """The arc of each asker, or `UNKNOWN`: as many people as can be, then the highest sum.

    Each asker sends one unit to a mentor at the cost of minus the score, each mentor passes on at
    most as many as they have places for. `seats` are seeded orders of askers and mentors: among
    equal optima they, not the age of an account, decide.
    """
    chosen = np.full(len(bonus), UNKNOWN, np.int64)
    if len(arcs) == 0:
        return chosen
    askers, mentors = len(bonus), len(free)
    sink = askers + mentors
    tail, head = seats[0][arcs.asker], seats[1][arcs.mentor]
    order = np.argsort(tail * mentors + head)
    network = SimpleMinCostFlow()
    pairs = network.add_arcs_with_capacity_and_unit_cost(
        tail[order],
        askers + head[order],
        np.ones(len(arcs), np.int64),
        -(arcs.score + bonus[arcs.asker])[order],
    )
    network.add_arcs_with_capacity_and_unit_cost(
        askers + seats[1], np.full(mentors, sink), free, np.zeros(mentors, np.int64)
    )
    network.set_nodes_supplies(np.arange(askers), np.ones(askers, np.int64))
    network.set_node_supply(sink, -askers)
    status = network.solve_max_flow_with_min_cost()
    if status != network.OPTIMAL:
        raise RuntimeError(f"the flow was not solved: {status}")
    used = order[network.flows(pairs) > 0]
    chosen[arcs.asker[used]] = used
    return chosen


def prices(arcs: Arcs, worth: Ints, chosen: Ints, mentors: int) -> Ints:
    """The least price of each mentor at which every asker is content with what they were given.

    An asker who holds mentor j and could have had j' keeps to j only if j' costs at least
    price[j] + worth[j'] - worth[j]; one who was left out only if j' costs all it is worth. The
    least such prices are longest paths (Bellman-Ford), which are finite because the assignment is
    an optimum. With them, by duality, no assignment over these pairs is worth more than
    the sum of what each asker keeps and what each place costs.
    """
    held = chosen[arcs.asker]
    nobody = mentors
    source = np.where(held >= 0, arcs.mentor[held], nobody)
    rise = worth - np.where(held >= 0, worth[held], 0)
    order = np.argsort(arcs.mentor, kind="stable")
    source, rise = source[order], rise[order]
    priced, starts = np.unique(arcs.mentor[order], return_index=True)
    price = np.zeros(mentors + 1, np.int64)
    while len(priced):
        asked = np.maximum.reduceat(price[source] + rise, starts)
        if np.all(asked <= price[priced]):
            break
        price[priced] = np.maximum(price[priced], asked)
    return price[:mentors]
