// Command verdict-oracle says of each devfile on its standard input whether the devfile library
// takes it, called as the index generator calls it: one JSON object a line, answered in order.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/devfile/library/v2/pkg/devfile"
	"github.com/devfile/library/v2/pkg/devfile/parser"
	"k8s.io/klog"
)

type answer struct {
	Accepted bool   `json:"accepted"`
	Message  string `json:"message,omitempty"`
}

// closed is a network that is not there.
type closed struct{}

func (closed) RoundTrip(request *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("there is no network for %s", request.URL)
}

func main() {
	klog.SetOutput(io.Discard)
	http.DefaultTransport = closed{}
	folder, err := os.MkdirTemp("", "verdict-oracle-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	questions := json.NewDecoder(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	answers := json.NewEncoder(out)
	for {
		var text string
		if err := questions.Decode(&text); err == io.EOF {
			return
		} else if err != nil {
			panic(err)
		}
		if err := answers.Encode(judge(filepath.Join(folder, "devfile.yaml"), text)); err != nil {
			panic(err)
		}
	}
}

func judge(file string, text string) (said answer) {
	defer func() {
		if fault := recover(); fault != nil {
			said = answer{Message: fmt.Sprint(fault)}
		}
	}()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		panic(err)
	}
	convert := false
	arguments := parser.ParserArgs{Path: file, ConvertKubernetesContentInUri: &convert}
	if _, _, err := devfile.ParseDevfileAndValidate(arguments); err != nil {
		return answer{Message: err.Error()}
	}
	return answer{Accepted: true}
}
