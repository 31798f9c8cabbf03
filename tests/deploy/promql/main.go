// Command promql reads queries and alert rules as Prometheus itself does.
//
//	promql rules FILE    prints its faults as `promtool check rules` finds them, nothing where there are none
//	promql names         of each line of its input, a query, prints the metrics that it reads; or `fault: …`
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	reader := parser.NewParser(parser.Options{})
	if len(os.Args) == 3 && os.Args[1] == "rules" {
		_, faults := rulefmt.ParseFile(os.Args[2], false, model.UTF8Validation, reader)
		for _, fault := range faults {
			fmt.Println(fault)
		}
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println(names(reader, lines.Text()))
	}
}

func names(reader parser.Parser, query string) string {
	tree, err := reader.ParseExpr(query)
	if err != nil {
		return "fault: " + err.Error()
	}
	found := map[string]bool{}
	parser.Inspect(tree, func(node parser.Node, _ []parser.Node) error {
		if selector, ok := node.(*parser.VectorSelector); ok {
			for _, matcher := range selector.LabelMatchers {
				if matcher.Name == labels.MetricName {
					found[matcher.Value] = true
				}
			}
		}
		return nil
	})
	sorted := []string{}
	for name := range found {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	return strings.Join(sorted, " ")
}
