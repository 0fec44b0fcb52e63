package io.symbolon.interop.mqtt;

import io.symbolon.oauth.AccessToken;
import io.symbolon.oauth.TokenSource;
import java.io.IOException;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** An MQTT client whose password is an access token. */
final class MqttRecipe implements AutoCloseable {
  private final MqttClient mqtt;
  private final TokenSource tokens;
  private AccessToken presented;

  MqttRecipe(String broker, String clientId, TokenSource tokens) throws MqttException {
    this.mqtt = new MqttClient(broker, clientId, new MemoryPersistence());
    this.tokens = tokens;
  }

  /** Call it every few seconds: it signs in, and again when there is a newer token. */
  synchronized void keepSignedIn() throws IOException, MqttException {
    AccessToken token = tokens.token(); // renewed before it ends; costs nothing while it is fresh
    if (mqtt.isConnected() && token.value().equals(presented.value())) {
      return;
    }
    if (mqtt.isConnected()) {
      mqtt.disconnect();
    }
    MqttConnectOptions options = new MqttConnectOptions();
    options.setCleanSession(false); // subscriptions and messages wait at the broker meanwhile
    options.setUserName(mqtt.getClientId());
    options.setPassword(token.value().reveal().toCharArray());
    mqtt.connect(options);
    presented = token;
  }

  MqttClient mqtt() {
    return mqtt;
  }

  @Override
  public synchronized void close() throws MqttException {
    if (mqtt.isConnected()) {
      mqtt.disconnect();
    }
    mqtt.close();
  }
}
