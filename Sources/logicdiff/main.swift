print("logicdiff")
