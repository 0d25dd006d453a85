from connections.matching.people import Mentors, Pool, Requests, Sets, Weights
