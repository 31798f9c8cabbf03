"""A Java server of the local cluster: small heap, quick start, a log file of its own."""

from jars import class_path, java
from server import Server

_LOGGING = """appender.file.type = File
appender.file.name = file
appender.file.fileName = {file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c{{1}} %m%n
rootLogger.level = {level}
rootLogger.appenderRef.file.ref = file
"""


class JavaServer(Server):
    """`main` of the set of `jars`, with at most `heap_mb` of heap."""

    jars = main = ""
    heap_mb = 256
    log_level = "warn"

    def arguments(self) -> list[str]:
        """What follows the name of the class."""
        return []

    def command(self) -> list[str]:
        """See Server."""
        return self.java_command(self.main, *self.arguments())

    def java_command(self, main: str, *arguments: str) -> list[str]:
        """A class of this server's jars, run as the server is."""
        options = [f"-Xmx{self.heap_mb}m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
        logging = f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}"
        return [java(), *options, logging, "-cp", class_path(self.jars), main, *arguments]

    def prepare(self) -> None:
        """See Server."""
        text = _LOGGING.format(file=self.folder / "log", level=self.log_level)
        (self.folder / "log4j2.properties").write_text(text, "utf-8")
