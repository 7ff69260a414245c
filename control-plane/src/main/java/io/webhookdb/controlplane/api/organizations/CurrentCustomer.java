package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The contract's description of the person who is logged in. */
public record CurrentCustomer(
        String email,
        String name,
        Organization.View defaultOrganization,
        String defaultOrganizationFormatted,
        List<Membership.View> verifiedMemberships,
        String verifiedMembershipsFormatted,
        List<Membership.View> invitations,
        String invitationsFormatted,
        String message,
        List<List<String>> displayHeaders) {

    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("email", "Email"),
                    List.of("default_organization_formatted", "Default Organization"),
                    List.of("verified_memberships_formatted", "Memberships"),
                    List.of("invitations_formatted", "Invitations"));

    static CurrentCustomer of(Customer customer, List<Membership> memberships) {
        List<Membership> verified = memberships.stream().filter(Membership::verified).toList();
        List<Membership> invitations =
                memberships.stream().filter(membership -> !membership.verified()).toList();
        Optional<Membership> byDefault =
                verified.stream()
                        .filter(
                                membership ->
                                        customer.defaultOrganization().isPresent()
                                                && customer.defaultOrganization().getAsLong()
                                                        == membership.organization().id())
                        .findFirst();
        return new CurrentCustomer(
                customer.email(),
                customer.name(),
                byDefault.map(membership -> membership.organization().view()).orElse(null),
                byDefault.map(Membership::formatted).orElse(""),
                verified.stream().map(Membership::view).toList(),
                lines(verified.stream().map(m -> m.formatted() + ": " + m.role().word()).toList()),
                invitations.stream().map(Membership::view).toList(),
                lines(
                        invitations.stream()
                                .map(m -> m.formatted() + ": " + m.invitationCode().orElse(""))
                                .toList()),
                "",
                HEADERS);
    }

    private static String lines(List<String> lines) {
        return lines.stream().sorted().collect(Collectors.joining("\n"));
    }
}
