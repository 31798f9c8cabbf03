"""`pnr receive`: what carriers sent onto the topic of receipts, sealed."""

from pathlib import Path
from typing import Annotated

import typer

from pnr_pipeline.cli.desk import Now, ProfileName, State, clock, folder_of, open_desk
from pnr_pipeline.cli.terminal import err, out, progress

app = typer.Typer(rich_markup_mode="rich")


@app.command()
def receive(
    places: Annotated[list[Path], typer.Argument(metavar="FOLDER|FILE…", help="Folders (to the bottom) and files.")],
    state: State = None,
    profile: ProfileName = None,
    take: Annotated[bool, typer.Option("--take", help="Delete each file once the broker has all of them.")] = False,
    now: Now = None,
) -> None:
    """Put carriers' messages as sealed receipts onto Kafka, for [bold]pnr run --source kafka[/bold].

    Each is sealed under the key of its hour; the record's key is a keyed hash of the flight leg, so that all messages
    of a flight lie in one partition, in their order. What is sent twice is seen at the commit, and changes nothing.

    [bold]Example[/bold]: pnr simulate --out exercise; pnr receive exercise/messages --state /var/lib/pnr
    """
    from pnr_pipeline import intake
    from pnr_pipeline.pipelines.spool import waiting
    from pnr_pipeline.stores.kafka.deployment import open_kafka, topics_of
    from pnr_pipeline.stores.kafka.receipt_topic import ReceiptWriter
    from pnr_pipeline.stores.rulebooks import load_rulebook

    at, folder = clock(now), folder_of(state)
    files = list(waiting(places))
    with open_desk(state, profile, at) as store:
        rulebook = load_rulebook(store.profile)
        topics = topics_of(folder, store.profile, store.domain, at)
        source = f"/pnr-pipeline/{store.profile.id}/{store.domain}"
        writer = ReceiptWriter(open_kafka(folder), topics.named("receipts"), source)
        for file in progress(files, "Sealing", len(files)):
            body = file.read()
            messages = intake.decode(body, rulebook=rulebook, now=at)
            leg = next((flight.key for message in messages for flight in message.flights), "")
            writer.put(store.seal_receipt(body, leg, clock(now)))
        writer.close()
    if take:
        for file in files:
            file.remove()
    out.print(f"{len(files)} receipts on {topics.named('receipts')}", markup=False)
    if not take:
        err.print("The files are still there, unsealed: --take deletes them.")
