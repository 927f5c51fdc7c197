package io.stanchion.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Netty's side of a {@link Connection}: passes on what the socket does. */
public final class NatsSocket extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(NatsSocket.class);

    private final GatewayState gateway;
    private @Nullable Connection connection;

    public NatsSocket(GatewayState gateway) {
        this.gateway = gateway;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connection = new Connection(
                gateway,
                context.channel(),
                ipOf(context.channel().remoteAddress()),
                portOf(context.channel().remoteAddress()));
        connection.open();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (connection != null) {
                connection.read((ByteBuf) message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (connection != null) {
            connection.onSocketClosed(CloseReason.CLIENT_CLOSED);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.error("closing a connection after a fault in this server", cause);
        }
        if (connection != null) {
            connection.onSocketClosed(CloseReason.READ_ERROR);
        }
        var unused = context.close();
    }

    private static int portOf(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress remote ? remote.getPort() : 0;
    }

    private static String ipOf(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress remote)) {
            return "";
        }
        String ip = remote.getAddress().getHostAddress();
        int zone = ip.indexOf('%');
        return zone < 0 ? ip : ip.substring(0, zone);
    }
}
