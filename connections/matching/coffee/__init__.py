"""Who has coffee with whom: everybody in two halves or threes, solved and not shuffled.

A graph in which two people are joined when they may meet: a common language and a common way of
meeting, not one team, nobody who must stay apart, and no two who met within the last rounds. Asked
for, in this order of importance:

    1.  the most people in a group of two or, where the number is odd, of three
    2.  the fewest groups of three
    3.  the fewest repeats, the oldest of them first, where a small pool leaves no other way
    4.  the most groups across organisations, then other professions and moderately weak ties

People are not of two kinds, so a flow alone cannot do it. The way:

1. *Splits* (`splits`): everybody is put on one of two sides by a seeded draw, and between the sides
   a flow of minimum cost is solved, as in a matching round. The next draw puts the two of each pair
   on different sides, so that what was found is possible again and is only ever bettered: each flow
   is the best over all changes that fit its sides.
2. *Blossoms* (`blossom`): what no split has found is found by Edmonds' augmenting paths through odd
   circles; afterwards no larger set of pairs exists.
3. *Threes* (`threes`): whoever is left joins a pair, or a triangle from which the rest can still be
   paired (Cornuéjols, Hartvigsen and Pulleyblank, 1982). Three who may meet two by two have a
   common language, since there are two languages; the same holds for ways of meeting.
4. While somebody is left, one round fewer is kept free of repeats.

Whole numbers throughout and everything in order of person first: one pool and one seed give one
result, whatever the order of the rows.
"""

from connections.matching.coffee.draw import Draw, Group, draw, joins
from connections.matching.coffee.people import Pool

__all__ = ["Draw", "Group", "Pool", "draw", "joins"]
