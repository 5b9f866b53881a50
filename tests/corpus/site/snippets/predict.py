"""Print the tides of a week; [not a link](nowhere.md) and [^not a note]."""

from tidewater import Station, predict

for time, height in predict(Station("Port Example"), days=7):  # [@not a citation]
    print(f"{time:%H:%M} {height:.2f} m")
