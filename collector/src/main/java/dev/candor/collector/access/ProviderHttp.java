package dev.candor.collector.access;

import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks a provider: bounded in time, in bytes and in how many ask at once; follows no redirect. */
final class ProviderHttp implements HTTPRequestSender {
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final int MOST_AT_ONCE = 16;

  private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
  private final Duration patience;

  ProviderHttp(Duration patience) {
    this.patience = patience;
  }

  @Override
  public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
    if (!atOnce.tryAcquire()) {
      throw new IOException("more than " + MOST_AT_ONCE + " sign-ins wait for it at once");
    }
    // Sign-ins are rare: a client of their own leaves nothing open and nothing to close.
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience)
            .build();
    try {
      return answer(
          client
              .sendAsync(
                  translated(request),
                  HttpResponse.BodyHandlers.limiting(
                      HttpResponse.BodyHandlers.ofString(), LONGEST_ANSWER))
              .get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new IOException("it did not answer within " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException("it cannot be asked: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the dashboard stops", e);
    } finally {
      client.shutdownNow();
      atOnce.release();
    }
  }

  private static HttpRequest translated(ReadOnlyHTTPRequest request) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(request.getURI());
    for (Map.Entry<String, List<String>> header : request.getHeaderMap().entrySet()) {
      header.getValue().forEach(value -> builder.header(header.getKey(), value));
    }
    @Nullable String body = request.getBody();
    return builder
        .method(
            request.getMethod().name(),
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static HTTPResponse answer(HttpResponse<String> answer) {
    HTTPResponse translated = new HTTPResponse(answer.statusCode());
    answer
        .headers()
        .map()
        .forEach((name, values) -> translated.setHeader(name, values.toArray(new String[0])));
    translated.setBody(answer.body());
    return translated;
  }
}
