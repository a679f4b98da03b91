// Logic
