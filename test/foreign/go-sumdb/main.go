// Reads a log in a folder with the libraries of the Go checksum database and of transparency-dev, and prints what they find.
// The folder has question.json, checkpoint, tile/… and proofs; a fault of any check ends the program with its message.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/transparency-dev/formats/log"
	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Origin, LogKey, WitnessKey       string
	LogSecret, WitnessSecret, Letter string
	Leaves                           []string
	Prefixes                         []struct {
		Size  int64
		Root  string
		Proof []string
	}
}

type answer struct {
	Size       int64
	Root       string
	Signers    []string
	Letter     string
	Cosigned   string
	Inclusions map[int64][]string
	Prefixes   map[int64][]string
	Proof      string
}

func check(err error, where string) {
	if err != nil {
		fmt.Fprintln(os.Stderr, where+": "+err.Error())
		os.Exit(1)
	}
}

func hashOf(text string) tlog.Hash {
	raw, err := base64.StdEncoding.DecodeString(text)
	check(err, "hash")
	return tlog.Hash(raw)
}

func textsOf(hashes []tlog.Hash) []string {
	texts := []string{}
	for _, hash := range hashes {
		texts = append(texts, hash.String())
	}
	return texts
}

type folder string

func (f folder) Height() int { return 8 }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := [][]byte{}
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func main() {
	dir := os.Args[1]
	raw, err := os.ReadFile(filepath.Join(dir, "question.json"))
	check(err, "question")
	var q question
	check(json.Unmarshal(raw, &q), "question")

	logKey, err := note.NewVerifier(q.LogKey)
	check(err, "key of the log")
	witnessKey, err := fnote.NewVerifierForCosignatureV1(q.WitnessKey)
	check(err, "key of the witness")
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	check(err, "checkpoint")
	opened, err := note.Open(signed, note.VerifierList(logKey, witnessKey))
	check(err, "note")
	checkpoint, _, _, err := log.ParseCheckpoint(signed, q.Origin, logKey)
	check(err, "checkpoint")

	a := answer{Size: int64(checkpoint.Size), Root: base64.StdEncoding.EncodeToString(checkpoint.Hash), Inclusions: map[int64][]string{}, Prefixes: map[int64][]string{}}
	for _, sig := range opened.Sigs {
		a.Signers = append(a.Signers, sig.Name)
	}
	tree := tlog.Tree{N: a.Size, Hash: hashOf(a.Root)}
	reader := tlog.TileHashReader(tree, folder(dir))

	for index, leaf := range q.Leaves {
		file, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d.tlog-proof", index)))
		if os.IsNotExist(err) {
			continue
		}
		check(err, "proof")
		var ours proof.TLogProof
		check(ours.Unmarshal(file), "proof")
		var path tlog.RecordProof
		for _, hash := range ours.Hashes {
			path = append(path, tlog.Hash(hash))
		}
		check(tlog.CheckRecord(path, tree.N, tree.Hash, int64(ours.Index), tlog.RecordHash([]byte(leaf))), fmt.Sprintf("leaf %d", index))
		theirs, err := tlog.ProveRecord(tree.N, int64(index), reader)
		check(err, "prove record")
		a.Inclusions[int64(index)] = textsOf(theirs)
	}
	for _, prefix := range q.Prefixes {
		var path tlog.TreeProof
		for _, hash := range prefix.Proof {
			path = append(path, hashOf(hash))
		}
		check(tlog.CheckTree(path, tree.N, tree.Hash, prefix.Size, hashOf(prefix.Root)), fmt.Sprintf("prefix %d", prefix.Size))
		theirs, err := tlog.ProveTree(tree.N, prefix.Size, reader)
		check(err, "prove tree")
		a.Prefixes[prefix.Size] = textsOf(theirs)
	}

	logSigner, err := note.NewSigner(q.LogSecret)
	check(err, "secret of the log")
	witnessSigner, err := fnote.NewSignerForCosignatureV1(q.WitnessSecret)
	check(err, "secret of the witness")
	letter, err := note.Sign(&note.Note{Text: q.Letter}, logSigner)
	check(err, "sign")
	a.Letter = string(letter)
	cosigned, err := note.Sign(&note.Note{Text: opened.Text}, logSigner, witnessSigner)
	check(err, "cosign")
	a.Cosigned = string(cosigned)
	path, err := tlog.ProveRecord(tree.N, 5, reader)
	check(err, "prove record")
	theirs := proof.TLogProof{Index: 5, Checkpoint: cosigned, ExtraData: []byte("extra")}
	for _, hash := range path {
		theirs.Hashes = append(theirs.Hashes, hash)
	}
	a.Proof = string(theirs.Marshal())
	check(json.NewEncoder(os.Stdout).Encode(a), "answer")
}
