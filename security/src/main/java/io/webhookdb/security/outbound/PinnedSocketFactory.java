package io.webhookdb.security.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/**
 * Gives the Postgres driver sockets that connect to one address, whatever the name it connects to
 * resolves to by then. The name still is what certificates are checked for. Public, with this
 * constructor, because the driver makes it by name.
 */
public final class PinnedSocketFactory extends SocketFactory {
    private final InetAddress address;

    /**
     * @param address a literal address; nothing is resolved
     */
    public PinnedSocketFactory(String address) throws IOException {
        this.address = InetAddress.getByName(address);
    }

    @Override
    public Socket createSocket() {
        return new Pinned(address);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return connected(port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return connected(port);
    }

    private Socket connected(int port) throws IOException {
        return new Socket(address, port);
    }

    private static final class Pinned extends Socket {
        private final InetAddress address;

        Pinned(InetAddress address) {
            this.address = address;
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            int port = ((InetSocketAddress) endpoint).getPort();
            super.connect(new InetSocketAddress(address, port), timeout);
        }
    }
}
