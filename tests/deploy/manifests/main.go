// Command manifests reads the files of deploy/ as those read them who run them.
//
//	manifests kubernetes FOLDER    builds a kustomization and prints it, each resource read strictly as its type
//	manifests compose FILE         reads a Compose file as `docker compose config` does, and prints its services
//
// Types that are not known here (Strimzi's, Flink's) are printed unread.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"github.com/compose-spec/compose-go/v2/cli"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

var types = map[string]func() any{
	"v1/ConfigMap":                       func() any { return &corev1.ConfigMap{} },
	"v1/Namespace":                       func() any { return &corev1.Namespace{} },
	"v1/PersistentVolumeClaim":           func() any { return &corev1.PersistentVolumeClaim{} },
	"v1/Service":                         func() any { return &corev1.Service{} },
	"v1/ServiceAccount":                  func() any { return &corev1.ServiceAccount{} },
	"apps/v1/StatefulSet":                func() any { return &appsv1.StatefulSet{} },
	"batch/v1/CronJob":                   func() any { return &batchv1.CronJob{} },
	"networking.k8s.io/v1/NetworkPolicy": func() any { return &networkingv1.NetworkPolicy{} },
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: manifests kubernetes FOLDER | compose FILE"))
	}
	switch os.Args[1] {
	case "kubernetes":
		kubernetes(os.Args[2])
	case "compose":
		compose(os.Args[2])
	}
}

func kubernetes(folder string) {
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		fail(err)
	}
	for _, resource := range built.Resources() {
		body := resource.MustYaml()
		kind := resource.GetApiVersion() + "/" + resource.GetKind()
		if made, known := types[kind]; known {
			if err := yaml.UnmarshalStrict([]byte(body), made()); err != nil {
				fail(fmt.Errorf("%s %s: %w", kind, resource.GetName(), err))
			}
		}
		fmt.Print("---\n", body)
	}
}

func compose(file string) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithProfiles([]string{"*"}), cli.WithWorkingDirectory(filepath.Dir(file)))
	if err != nil {
		fail(err)
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		fail(err)
	}
	names := project.ServiceNames()
	sort.Strings(names)
	for _, name := range names {
		fmt.Println(name)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
