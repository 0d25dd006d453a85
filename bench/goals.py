"""What we want of the pages, in times of a bare page on the same server and data."""

BIG = 3.0  # lists with facets, and the search
SMALL = 2.0  # one course, one profile
GROWTH = 1.3  # from the sample to 100,000 people
BARE = "bare"
