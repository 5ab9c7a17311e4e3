"""Train the builtin speech checkpoint on synthetic speech: sentences -> synthesize (with augment) -> train ->
evaluate.
"""
