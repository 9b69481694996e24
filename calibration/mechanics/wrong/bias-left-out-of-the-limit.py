"""Only the second derivative by w is used."""

# %% marks
# largest-rate-checks 1 of 2
# largest-rate-hidden 1 of 3


# %% answer largest-rate
def largest_rate(t_u):
    return 2 / (2 * (t_u**2).mean())
