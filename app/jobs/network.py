"""Getting the network of the paper, in the background and only when it is asked for."""

from __future__ import annotations

from pathlib import Path

from app.jobs.job import Job, JobList
from app.studio.artwork.style_network import VGG19, Published, data_folder, is_network_here
from resources.progress import Cancelled, Report

__all__ = ["VGG19", "Published", "data_folder", "fetch_network", "is_network_here", "take_network"]


def fetch_network(jobs: JobList, published: Published = VGG19) -> Job:
    """Starts the download; cancelled or broken off, it goes on next time where it stopped."""

    def work(report: Report, cancelled: Cancelled) -> None:
        from app.studio.artwork.style_network import fetch_network

        fetch_network(report, cancelled, published)

    return jobs.start("The network", work)


def take_network(jobs: JobList, path: Path, published: Published = VGG19) -> Job:
    """Starts taking the network from a file on the disk."""

    def work(report: Report, cancelled: Cancelled) -> None:
        from app.studio.artwork.style_network import take_network

        take_network(path, report, cancelled, published)

    return jobs.start("The network", work)
