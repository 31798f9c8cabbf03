"""`pnr topics`: the topics of a domain on Kafka, with who may read and write them."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pnr_pipeline.cli.desk import Form, Now, ProfileName, State, clock, folder_of, open_desk
from pnr_pipeline.cli.terminal import FINDINGS, OK, out, print_json_lines

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from pnr_pipeline.records import Domain
    from pnr_pipeline.retention.topics import Topics
    from pnr_pipeline.stores.kafka.topic_admin import TopicAdmin

app = typer.Typer(
    rich_markup_mode="rich", no_args_is_help=True, help="Topics on Kafka: declared in rules/topics/, made, compared."
)

DomainOption = Annotated[
    Literal["law_enforcement", "border"] | None,
    typer.Option("--domain", help="Each domain has topics of its own (SCR-12); that of the state folder if not given."),
]


@app.command()
def show(
    state: State = None, profile: ProfileName = None, domain: DomainOption = None, now: Now = None,
    form: Annotated[
        Literal["text", "json", "kubernetes"], typer.Option("--format", help="kubernetes: resources of Strimzi.")
    ] = "text",
) -> None:  # fmt: skip
    """Each topic with its class and the users that write and read it, as declared; the broker is not asked.

    Example: [bold]pnr topics show --profile demo[/bold]

    With [bold]--format kubernetes[/bold] the same as KafkaTopic and KafkaUser, for an operator that makes them.
    """
    topics = _topics(state, profile, domain, clock(now))
    if form == "kubernetes":
        import yaml

        from pnr_pipeline.stores.kafka.settings import kafka_settings
        from pnr_pipeline.stores.kafka.strimzi import resources

        replicas = kafka_settings(folder_of(state)).replicas
        typer.echo(yaml.safe_dump_all(resources(topics, replicas), sort_keys=False, width=120), nl=False)
        return
    if form == "json":
        print_json_lines(topics.all)
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("topic", "partitions", "class", "hours", "written by", "read by"):
        table.add_column(head, no_wrap=True)
    for one in topics.all:
        hours = f"{one.kept.total_seconds() / 3600:.0f}"
        table.add_row(one.name, str(one.partitions), one.klass, hours, ", ".join(one.writes), ", ".join(one.reads))
    out.print(table, soft_wrap=False, crop=False)


@app.command()
def create(state: State = None, profile: ProfileName = None, domain: DomainOption = None, now: Now = None) -> None:
    """Make topics, settings and rights that are missing; an administrator of the broker does so, again after updates.

    The broker is that of [kafka] in settings.toml or PNR_KAFKA_SERVERS. Users and passwords are the broker's own:
    make one for each name that [bold]pnr topics show[/bold] tells. Nothing is deleted.
    """
    done = _admin(state, profile, domain, clock(now)).create()
    for line in done or ["nothing was missing"]:
        out.print(line, markup=False)


@app.command()
def check(
    state: State = None, profile: ProfileName = None, domain: DomainOption = None, now: Now = None,
    form: Form = "text",
) -> None:  # fmt: skip
    """Compare the broker with what is declared: topics, retention, and rights that nobody declared.

    Exit code 1 where something differs.
    """
    found = _admin(state, profile, domain, clock(now)).check()
    if form == "json":
        print_json_lines(found)
    else:
        for one in found:
            out.print(f"{one.topic}: {one.what}", markup=False)
        out.print(f"{len(found)} differences" if found else "as declared")
    raise typer.Exit(FINDINGS if found else OK)


@app.command()
def realign(state: State = None, profile: ProfileName = None, now: Now = None) -> None:
    """After an older database was restored: let the broker's numbers be those of the database.

    What the lost part of the database had told is on the topics and stays there; what is committed from now on is told.

    Example: [bold]pnr topics realign --state /var/lib/pnr[/bold]
    """
    from pnr_pipeline.errors import UsageFault
    from pnr_pipeline.stores.kafka.deployment import open_kafka, topics_of
    from pnr_pipeline.stores.kafka.relay_topics import TopicRelay

    at, folder = clock(now), folder_of(state)
    with open_desk(state, profile, at) as store:
        relay = TopicRelay(open_kafka(folder), topics_of(folder, store.profile, store.domain, at), store.outgoing)
        if not store.outgoing.hold(at):
            raise UsageFault("a relay is at work: stop pnr run first, or wait half a minute")
        relay.realign()
    out.print("The relay goes on from the database's numbers.")


def _topics(state: "Path | None", profile: str | None, domain: "Domain | None", now: "datetime") -> "Topics":
    from pnr_pipeline.stores.kafka.deployment import declared_topics

    return declared_topics(folder_of(state), profile, domain, now)


def _admin(state: "Path | None", profile: str | None, domain: "Domain | None", now: "datetime") -> "TopicAdmin":
    from pnr_pipeline.stores.kafka.deployment import open_kafka
    from pnr_pipeline.stores.kafka.topic_admin import TopicAdmin

    topics = _topics(state, profile, domain, now)
    return TopicAdmin(open_kafka(folder_of(state)), topics)
