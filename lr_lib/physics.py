"""The laws of physics that the chapters on real measurements fit, and their constants.

Every function takes and returns tensors, so that PyTorch can differentiate it.
"""

# The exact values of the SI since 2019 (Bureau international des poids et mesures, *The
# International System of Units*, 9th edition, https://doi.org/10.59161/AUEZ1291).
SPEED_OF_LIGHT = 299_792_458.0  # c, in m/s
PLANCK_CONSTANT = 6.626_070_15e-34  # h, in J s
BOLTZMANN_CONSTANT = 1.380_649e-23  # k, in J/K
