// Copies images with oras-go, several at once: oras-copy LIST IMAGES_AT_ONCE. Each line of LIST is
// "SOURCE TARGET", each HOST/REPOSITORY:TAG or oci:FOLDER:TAG. Built by scripts/bench/mirror.ts.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	oras "oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/registry/remote"
)

var (
	lock    sync.Mutex
	layouts = map[string]*oci.Store{}
)

func open(name string) (oras.Target, string, error) {
	colon := strings.LastIndex(name, ":")
	place, tag := name[:colon], name[colon+1:]
	if folder, ok := strings.CutPrefix(place, "oci:"); ok {
		lock.Lock()
		defer lock.Unlock()
		if store, ok := layouts[folder]; ok {
			return store, tag, nil
		}
		store, err := oci.New(folder)
		layouts[folder] = store
		return store, tag, err
	}
	repository, err := remote.NewRepository(place)
	if err == nil {
		repository.PlainHTTP = true
	}
	return repository, tag, err
}

func move(line string) error {
	from, to, _ := strings.Cut(line, " ")
	source, sourceTag, err := open(from)
	if err != nil {
		return err
	}
	target, targetTag, err := open(to)
	if err != nil {
		return err
	}
	_, err = oras.Copy(context.Background(), source, sourceTag, target, targetTag, oras.DefaultCopyOptions)
	return err
}

func main() {
	list, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	atOnce, _ := strconv.Atoi(os.Args[2])
	lines := make(chan string)
	var group sync.WaitGroup
	for range atOnce {
		group.Go(func() {
			for line := range lines {
				if err := move(line); err != nil {
					fmt.Fprintln(os.Stderr, line, err)
					os.Exit(1)
				}
			}
		})
	}
	for scanner := bufio.NewScanner(list); scanner.Scan(); {
		lines <- scanner.Text()
	}
	close(lines)
	group.Wait()
}
