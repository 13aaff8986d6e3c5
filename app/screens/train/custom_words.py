"""What the numbers of a model are called on the screen, and what they mean."""

from __future__ import annotations

WORDS = {
    "model.frame_sizes": (
        "Samples per frame",
        "The slow part of the network hears the music in frames this long. Several numbers, largest first, make "
        "several slow parts: 64, 16.",
    ),
    "model.cell": ("Cell", "LSTM, as in the 2018 albums, or GRU, which is a quarter smaller."),
    "model.layers": ("Recurrent layers", "Layers of memory in each slow part. The 2018 albums had five or more."),
    "model.width": ("Width", "Units in every layer. Twice as wide learns more and takes about four times as long."),
    "model.sample_width": ("Width of the fast part", "Units in every layer of the fast part; 0 for as many as above."),
    "model.embedding": ("Embedding", "How many numbers stand for the loudness of one sample."),
    "model.skip": ("Skip connections", "Every layer also hears the music itself. Needs two layers or more."),
    "model.weight_norm": ("Weight normalisation", "Keeps long trainings from blowing up."),
    "model.levels": ("Levels", "Into how many steps the loudness of a sample is divided: 256 is 8 bits."),
    "model.law": ("Steps", "mu-law has finer steps where it is quiet; linear has equal ones."),
    "model.first_state": ("First memory", "What the network remembers before the first sample."),
    "model.lookback": ("Samples looked back", "How many of the last samples the fast part sees."),
    "model.smooth_start": (
        "Smooth start",
        "Tells the network from the start that neighbouring levels sound alike. Saves minutes.",
    ),
    "model.predictor": (
        "Linear predictor",
        "The network learns what a formula over so many samples cannot foretell; 0 for no formula, as published.",
    ),
    "model.surprises": ("Surprises seen", "How many of the formula's last errors the fast part sees."),
    "model.guide_predictor": (
        "Guided predictor",
        "Samples of the formula that a guide gives anew 125 times a second; 0 for a network that knows no guides.",
    ),
    "model.adaptive": (
        "Adaptive filter",
        "Samples of a formula that goes on learning while it plays under a guide, in multiples of 64; 0 for none.",
    ),
    "train.batch": ("Streams side by side", "More of them make better use of a large GPU, and need more memory."),
    "train.window": ("Window", "Samples of each stream in one step: how far back it is learnt what led to what."),
    "train.steps_per_epoch": ("Steps in an epoch", "After every epoch comes a score, a checkpoint and a preview."),
    "train.epochs": ("Epochs", "How many, where nothing else is asked for."),
    "train.lane_seconds": ("Seconds in a row", "A stream follows the music this long, then starts again elsewhere."),
    "train.chunks": (
        "Chunks",
        "The music in so many overlapping chunks of that length, as in 2018 (3200); 0 for stretches from anywhere.",
    ),
    "train.flip": ("Upside down too", "Every other stretch is turned upside down: twice the music, and sounds alike."),
    "train.gain_db": ("Quieter by up to", "In dB, at random: the network learns the music at several levels."),
    "train.stretch": ("Faster or slower by up to", "As a share, at random: 0.05 is 5 %, with the pitch going along."),
    "train.dither": ("Dither", "A little noise before rounding, so that quiet sound is not a staircase."),
    "train.unguided": (
        "Without a guide",
        "Share of the music that a network with guides learns without, so that it plays without one, too.",
    ),
    "train.rate": ("Learning rate", "How big the steps are. Too big, and it never settles."),
    "train.betas": ("Adam's memory", "The two betas of the Adam optimiser."),
    "train.warmup": ("Warm-up", "Steps over which the learning rate climbs."),
    "train.decay": ("Settle at the end", "The learning rate falls to almost nothing by the end."),
    "train.clip": ("Gradient limit", "No step is led by one loud surprise."),
    "train.clip_by": ("Limit by", "Each value of its own, as published, or the length of all together."),
}
"""From the record and field to the name on the screen and an explanation."""
