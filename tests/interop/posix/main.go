// Command posix appends entries to tessera's POSIX storage and tells the seconds until the last one was under a
// published checkpoint: the peer of benchmarks/audit_log.py.
//
//	posix DIR ENTRIES
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

const entry = `{"act":"collection","actor":"pnr-pipeline","article":"PNR 6(1)","at":"2026-02-28T10:00:00.000000Z",` +
	`"case":"receipt:%032x","counts":{},"purpose":"a","recipient":"",` +
	`"references":["record:%032x","message:%032x"],"v":1}`

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	count, err := strconv.Atoi(os.Args[2])
	if err != nil {
		return err
	}
	private, _, err := note.GenerateKey(rand.Reader, "peer")
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return err
	}
	ctx := context.Background()
	driver, err := posix.New(ctx, posix.Config{Path: os.Args[1]})
	if err != nil {
		return err
	}
	options := tessera.NewAppendOptions().WithCheckpointSigner(signer).
		WithBatching(1000, 100*time.Millisecond).WithCheckpointInterval(100 * time.Millisecond)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return err
	}
	awaiter := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 20*time.Millisecond)
	begun := time.Now()
	added := make([]tessera.IndexFuture, 0, count)
	for number := range count {
		line := fmt.Appendf(nil, entry, number, number, number)
		added = append(added, appender.Add(ctx, tessera.NewEntry(line)))
	}
	for _, one := range added {
		if _, err := one(); err != nil {
			return err
		}
	}
	if _, _, err := awaiter.Await(ctx, added[count-1]); err != nil {
		return err
	}
	fmt.Printf("{\"seconds\": %f}\n", time.Since(begun).Seconds())
	return shutdown(ctx)
}
