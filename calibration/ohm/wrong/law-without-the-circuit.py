"""predict uses the law X = a / x, as if the wire were the whole circuit."""

# %% marks
# predict-checks 0 of 2
# predict-hidden 0 of 2


# %% answer predict
def predict(x, X, lengths):
    a, _ = profile(x, X, 0.0)
    return a / lengths
