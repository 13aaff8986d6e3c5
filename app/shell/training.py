"""Learning in the shell: the trainer's events as progress and lines."""

from __future__ import annotations

from app.shell.duration import say_duration
from app.shell.running import Report, complain
from samplernn.events import EpochEnd, Event, Finished, Note, Started, Step


def tell(event: Event, report: Report) -> None:
    """Shows one event of a training: the bar for steps, a line for what lasts."""
    match event:
        case Started():
            complain(f"Learning on {event.device}, {event.parameters / 1e6:.1f} million parameters.")
        case Step():
            report(
                event.fraction,
                f"epoch {event.epoch}, {event.bits:.3f} bits, {event.samples_per_second / 1e3:.0f} k samples/s",
            )
        case EpochEnd():
            best = ", the best so far" if event.best else ""
            complain(
                f"Epoch {event.epoch}: {event.train_bits:.3f} bits in training, "
                f"{event.held_out_bits:.3f} on held-out music{best} ({say_duration(event.seconds)})."
            )
        case Note():
            complain(event.text)
        case Finished():
            report(1.0, "learnt")
