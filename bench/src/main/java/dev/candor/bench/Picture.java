package dev.candor.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of lines, for a page in Markdown. */
final class Picture {
  // Apart for the colour-blind too (Okabe and Ito), and on light and dark.
  private static final Color[] COLOURS = {
    new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7)
  };

  private final String name;
  private final XYChart chart;

  Picture(String name, String title, String x, String y) {
    this.name = name;
    this.chart =
        new XYChartBuilder()
            .width(720)
            .height(400)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    Styler style = chart.getStyler();
    style.setSeriesColors(COLOURS);
    style.setChartBackgroundColor(Color.WHITE);
    style.setLegendPosition(Styler.LegendPosition.OutsideS);
    style.setLegendLayout(Styler.LegendLayout.Horizontal);
    style.setLegendBorderColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
  }

  /** With a logarithmic x axis. */
  Picture logarithmic() {
    chart.getStyler().setXAxisLogarithmic(true);
    return this;
  }

  Picture line(String label, List<Double> x, List<Double> y) {
    chart
        .addSeries(label, x, y)
        .setMarker(SeriesMarkers.CIRCLE)
        .setLineStyle(SeriesLines.SOLID)
        .setLineStyle(new BasicStroke(2));
    return this;
  }

  String name() {
    return name;
  }

  /** Writes {@code perf-NAME.svg} into the folder. */
  Path write(Path folder) throws IOException {
    Path file = folder.resolve("perf-" + name + ".svg");
    VectorGraphicsEncoder.saveVectorGraphic(
        chart, file.toString(), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
    return file;
  }
}
