package io.webhookdb.cli.command;

import picocli.CommandLine.Option;

/** {@code --org}: acts on another organization than the active one. */
final class OrganizationOption {
    @Option(
            names = {"-o", "--org"},
            paramLabel = "ORG",
            description = "Key, name or number of the organization. Default: the active one.")
    String organization;
}
