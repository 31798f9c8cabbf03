// Command interop reads a log of pnr-pipeline with nothing of pnr-pipeline: the tree of golang.org/x/mod/sumdb, its
// signed notes, and the fsck of github.com/transparency-dev/tessera, all of them as they are published.
//
//	interop fsck DIR KEY              the whole log: every tile and every bundle under the checkpoint
//	interop inclusion PROOF KEY       a tlog-proof with its entry (pnr audit prove ENTRY)
//	interop consistency PROOF OLD KEY that the log continues the checkpoint OLD (pnr audit prove --since)
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	slog.SetLogLoggerLevel(slog.LevelError)
	if err := run(os.Args[1:]); err != nil {
		fmt.Println("broken:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 3 {
		return errors.New("usage: interop fsck|inclusion|consistency …")
	}
	verifier, err := note.NewVerifier(args[len(args)-1])
	if err != nil {
		return err
	}
	switch args[0] {
	case "fsck":
		return wholeLog(args[1], verifier)
	case "inclusion":
		return inclusion(args[1], verifier)
	case "consistency":
		return consistency(args[1], args[2], verifier)
	}
	return errors.New("usage: interop fsck|inclusion|consistency …")
}

// wholeLog lets tessera check every resource, and x/mod read the root from the tiles. A worker of fsck ends with the
// first fault it finds, and nobody takes what is left for it: with many workers a broken log is told, not waited for.
func wholeLog(dir string, verifier note.Verifier) error {
	files := &client.FileFetcher{Root: dir}
	if err := fsck.New(verifier.Name(), verifier, files, leaves, fsck.Opts{N: 64}).Check(context.Background()); err != nil {
		return err
	}
	raw, err := os.ReadFile(dir + "/checkpoint")
	if err != nil {
		return err
	}
	tree, err := opened(raw, verifier)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, tileFiles(dir))
	for _, size := range []int64{1, tree.N / 2, tree.N} {
		if size == 0 {
			continue
		}
		proof, err := tlog.ProveRecord(tree.N, size-1, reader)
		if err != nil {
			return err
		}
		leaf, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, size-1)})
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, size-1, leaf[0]); err != nil {
			return err
		}
	}
	fmt.Println("whole:", tree.N)
	return nil
}

func leaves(packed []byte) ([][]byte, error) {
	bundle := &api.EntryBundle{}
	if err := bundle.UnmarshalText(packed); err != nil {
		return nil, err
	}
	hashes := make([][]byte, 0, len(bundle.Entries))
	for _, entry := range bundle.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}

// tileFiles reads hash tiles for x/mod, whose names of levels and of wide tiles are those of c2sp.org/tlog-tiles but
// for the height.
type tileFiles string

func (dir tileFiles) Height() int { return 8 }

func (dir tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		raw, err := os.ReadFile(string(dir) + "/" + strings.Replace(tile.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		all = append(all, raw)
	}
	return all, nil
}

func (dir tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

func inclusion(path string, verifier note.Verifier) error {
	lines, tree, err := proofOf(path, verifier)
	if err != nil {
		return err
	}
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a tlog-proof")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	proof, err := hashes(lines[3:])
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	fmt.Println("holds:", index, "of", tree.N)
	return nil
}

func consistency(path, old string, verifier note.Verifier) error {
	lines, tree, err := proofOf(path, verifier)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(old)
	if err != nil {
		return err
	}
	before, err := opened(raw, verifier)
	if err != nil {
		return err
	}
	proof, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash); err != nil {
		return err
	}
	fmt.Println("holds:", before.N, "to", tree.N)
	return nil
}

func proofOf(path string, verifier note.Verifier) ([]string, tlog.Tree, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	head, signed, found := bytes.Cut(raw, []byte("\n\n"))
	if !found {
		return nil, tlog.Tree{}, errors.New("no checkpoint in the proof")
	}
	tree, err := opened(signed, verifier)
	return strings.Split(string(head), "\n"), tree, err
}

func opened(raw []byte, verifier note.Verifier) (tlog.Tree, error) {
	signed, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, line := range lines {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != sha256.Size {
			return nil, errors.New("not a hash")
		}
		all = append(all, tlog.Hash(raw))
	}
	return all, nil
}
