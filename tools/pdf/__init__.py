"""One PDF for each edition: the pages of the built site as a book, printed by Chromium.

``book`` puts the articles of an edition into one document, in the order of its sidebar; each is
made fit for paper by ``article``, and ``subset_fonts`` makes the letters. ``printing`` prints the
document with the browser of the tests, and ``finish`` mends what Chromium leaves to be mended.
Needs ``make book``.
"""
